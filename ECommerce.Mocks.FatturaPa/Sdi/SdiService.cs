using System.Globalization;
using System.Xml.Linq;
using ECommerce.Mocks.FatturaPa.Checks;
using ECommerce.Mocks.FatturaPa.Pool;
using Microsoft.Extensions.Options;

namespace ECommerce.Mocks.FatturaPa.Sdi;

/// <summary>
/// Receives files, checks them in the order of the SDI, and notifies the account that sent them.
/// </summary>
internal sealed class SdiService(
    Registry registry, OutcomePlan plan, IOptions<ProviderOptions> options, TimeProvider time)
{
    private const string NoPecCode = "0000000";
    private const string ForeignCode = "XXXXXXX";
    private const string Sale = "Vendita";

    private readonly Lock _lock = new();
    private readonly SentFiles _sent = new();
    private long _lastId = 9_000_000_000;
    private long _lastMessage = 700_000_000;

    /// <summary>Takes a file; a text if the provider refuses it before the SDI.</summary>
    public string? Receive(Account account, string name, byte[] content)
    {
        var forced = plan.Take(name);
        if (forced.Kind == OutcomeKind.Ko)
            return "Il file non è stato inviato al SdI.";
        lock (_lock)
        {
            var root = InvoiceXml.Parse(content, out _);
            var file = new SdiFile(NextId(), name, content, time.GetUtcNow())
            {
                IsPublic = root?.Attribute("versione")?.Value == "FPA12",
                Recipient = root.Text("FatturaElettronicaHeader/DatiTrasmissione/CodiceDestinatario") ?? NoPecCode,
            };
            account.Add(new PoolEntry(Sale, "Ricevuta", file.SdiId, name, content), TimeSpan.Zero);
            Decide(account, file, root, forced);
        }
        return null;
    }

    /// <summary>A purchase: the invoice and its metadata; the id of the SDI.</summary>
    public string Deliver(Account account, string name, byte[] content, TimeSpan delay)
    {
        lock (_lock)
        {
            var file = new SdiFile(NextId(), name, content, time.GetUtcNow());
            account.Add(new PoolEntry("Acquisto", "Ricezione", file.SdiId, name, content), delay);
            var metadata = Notifications.Write("MT", file, ++_lastMessage);
            account.Add(new PoolEntry("Acquisto", "Notifica", file.SdiId, NameOf(file, "MT"), metadata), delay);
            return file.SdiId;
        }
    }

    public void Forget()
    {
        lock (_lock)
            _sent.Clear();
    }

    private void Decide(Account account, SdiFile file, XElement? root, ForcedOutcome forced)
    {
        var errors = SdiChecks.Find(file, root, _sent, registry.Current);
        if (forced.Kind == OutcomeKind.Ns)
        {
            errors = [.. (forced.Codes is { Count: > 0 } codes ? codes : ["00200"]).Select(
                static code => new SdiError(code, $"Scarto {code} richiesto dal test"))];
        }
        var delay = TimeSpan.FromMilliseconds(forced.DelayMs ?? options.Value.DelayMs);
        if (errors.Count > 0)
        {
            Notify("NS", delay, errors);
            return;
        }
        foreach (var key in DuplicateChecks.Keys(root))
            _sent.AddInvoice(key);
        switch (forced.Kind)
        {
            case OutcomeKind.Silent:
                break;
            case OutcomeKind.Mc or OutcomeKind.ByRule when forced.Kind == OutcomeKind.Mc || IsUnreachable(file, root):
                Notify("MC", delay);
                break;
            case OutcomeKind.Attested:
                Notify("MC", delay);
                Notify("AT", delay * 2);
                break;
            default:
                Notify("RC", delay);
                if (!file.IsPublic || forced.Kind == OutcomeKind.Rc)
                    break;
                if (forced.Kind == OutcomeKind.Expired)
                    Notify("DT", delay * 2);
                else
                    Notify("NE", delay * 2, result: forced.Kind == OutcomeKind.Refused ? "EC02" : "EC01");
                break;
        }

        void Notify(string kind, TimeSpan after, IReadOnlyList<SdiError>? list = null, string? result = null)
        {
            var content = Notifications.Write(kind, file, ++_lastMessage, list, result);
            var entry = new PoolEntry(
                Sale, Notifications.Root(kind, file.IsPublic), file.SdiId, NameOf(file, kind), content);
            for (var i = 0; i < forced.Copies; i++)
                account.Add(entry, after);
        }
    }

    private static bool IsUnreachable(SdiFile file, XElement? root) =>
        file.Recipient == ForeignCode
        || (file.Recipient == NoPecCode
            && string.IsNullOrEmpty(root.Text("FatturaElettronicaHeader/DatiTrasmissione/PECDestinatario")));

    // Each kind comes once for a file, so its number is always the first.
    private static string NameOf(SdiFile file, string kind) => $"{file.Name.Split('.')[0]}_{kind}_001.xml";

    private string NextId() => (++_lastId).ToString(CultureInfo.InvariantCulture);
}
