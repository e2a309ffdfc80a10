using System.Text.Json;
using System.Xml.Linq;
using ECommerce.Features.Invoices.Lifecycle;
using ECommerce.Features.Invoices.Xml;

namespace ECommerce.Features.Invoices.Receiving;

/// <summary>A file of the SDI about an invoice, as far as it can be read.</summary>
/// <param name="Kind">RC, NS, MC and so on, or the name of the root; at most 16 letters.</param>
/// <param name="SdiId">IdentificativoSdI.</param>
/// <param name="FileName">Of the invoice that it is about.</param>
internal sealed record ReceivedNotification(string Kind, string? SdiId, string? FileName)
{
    private const int MaxKind = 16;
    private const int MaxErrors = 50;
    private const int MaxText = 500;

    // Of the column, which is measured in bytes; JSON of the web options is ASCII.
    private const int MaxLength = 60_000;

    /// <summary>SHA-256 of the invoice file, hexadecimal; null: it is not stated.</summary>
    public string? Hash { get; init; }

    /// <summary>What it decides; null: nothing.</summary>
    public FileNotification? Decision { get; init; }

    /// <summary>Why the file was discarded, as a JSON array of objects with code, description and suggestion.</summary>
    public string? Errors { get; init; }

    /// <summary>It is the invoice itself, and no notification.</summary>
    public bool IsInvoice { get; init; }

    /// <summary>By the clock of the SDI.</summary>
    public DateTimeOffset? SdiTime => Decision?.ReceivedAt is { Year: > 1970 } time ? time : null;

    /// <param name="file">The bytes.</param>
    /// <param name="name">Of the notification's file.</param>
    /// <param name="kindOfName">The kind in the name, where the root does not tell it.</param>
    /// <param name="reason">Why nothing is returned.</param>
    /// <param name="detail">Of the reason.</param>
    /// <returns>Null: the file cannot be read.</returns>
    public static ReceivedNotification? Read(
        ReadOnlyMemory<byte> file, string name, string? kindOfName, out UnreadableReason reason, out string detail)
    {
        if (file.Length == 0 || file.Length > ReceivedFileReader.MaxBytes)
        {
            (reason, detail) = file.Length == 0
                ? (UnreadableReason.Empty, "The file is empty.")
                : (UnreadableReason.TooLarge, $"The file has {file.Length} bytes.");
            return null;
        }
        if (ReceivedXml.Load(file, out reason, out detail) is not { Root: { } root })
            return null;
        var isInvoice = root.Name.LocalName is "FatturaElettronica" or "FatturaElettronicaSemplificata";
        var kind = KindOf(root.Name.LocalName) ?? kindOfName ?? Letters(root.Name.LocalName);
        var read = new ReceivedNotification(
            kind, InvoiceXmlReader.Text(root, "IdentificativoSdI"), InvoiceXmlReader.Text(root, "NomeFile"))
        {
            Hash = InvoiceXmlReader.Text(root, "Hash") is { Length: 64 } hash && hash.All(char.IsAsciiHexDigit)
                ? hash
                : null,
            Decision = NotificationReader.Read(file, name),
            Errors = ErrorsOf(root),
            IsInvoice = isInvoice,
        };
        // One that decides must be complete; of others, which are only stored, one of the two is enough.
        if (isInvoice || read.Decision is not null
            || (kind is not ("RC" or "NS" or "MC") && (read.SdiId ?? read.FileName) is not null))
        {
            return read;
        }
        (reason, detail) = (
            UnreadableReason.NoNotification, "IdentificativoSdI or NomeFile is missing: it is about no invoice.");
        return null;
    }

    /// <summary>Whether a file is data that the SDI sends along with an invoice.</summary>
    public static bool IsMetadata(ReadOnlyMemory<byte> xml) =>
        ReceivedXml.Load(xml, out _, out _) is { Root.Name.LocalName: "FileMetadati" or "MetadatiInvioFile" };

    private static string? KindOf(string root) => root switch
    {
        "RicevutaConsegna" => "RC",
        "RicevutaScarto" or "NotificaScarto" => "NS",
        "RicevutaImpossibilitaRecapito" or "NotificaMancataConsegna" => "MC",
        "NotificaEsito" => "NE",
        "NotificaDecorrenzaTermini" => "DT",
        "AttestazioneTrasmissioneFattura" => "AT",
        "FileMetadati" or "MetadatiInvioFile" => "MT",
        "ScartoEsitoCommittente" => "SE",
        "NotificaEsitoCommittente" => "EC",
        _ => null,
    };

    private static string Letters(string root)
    {
        var letters = new string([.. root.Where(char.IsAsciiLetterOrDigit).Take(MaxKind)]);
        return letters.Length > 0 ? letters : "unknown";
    }

    private static string? ErrorsOf(XElement root)
    {
        if (InvoiceXmlReader.Child(root, "ListaErrori") is not { } list)
            return null;
        var errors = list.Elements().Take(MaxErrors).Select(static error => new InvoiceNotificationError(
            Cut(InvoiceXmlReader.Text(error, "Codice")) ?? "", Cut(InvoiceXmlReader.Text(error, "Descrizione")),
            Cut(InvoiceXmlReader.Text(error, "Suggerimento")))).ToList();
        while (true)
        {
            var json = JsonSerializer.Serialize(errors, JsonSerializerOptions.Web);
            if (json.Length <= MaxLength)
                return json;
            errors.RemoveAt(errors.Count - 1);
        }
    }

    private static string? Cut(string? text) => text is { Length: > MaxText } ? text[..MaxText] : text;
}
