using ECommerce.Features.Data.Entities.Invoices;
using ECommerce.Features.Invoices.Channel;
using ECommerce.Features.Invoices.Incoming.Files;
using ECommerce.Features.Invoices.Receiving;
using ECommerce.Features.Invoices.Storage;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace ECommerce.Features.Invoices.Incoming;

/// <summary>In which form a file is wanted.</summary>
public sealed class PoolFileQuery : ReadQuery
{
    public PoolFileQuery(QueryReader reader)
    {
        ArgumentNullException.ThrowIfNull(reader);
        Original = reader.Flag("original") ?? false;
    }

    /// <summary>As it was received, with its signature.</summary>
    public bool Original { get; }

    public static ValueTask<PoolFileQuery> BindAsync(HttpContext context) =>
        QueryReader.BindAsync(context, static reader => new PoolFileQuery(reader));
}

/// <summary>
/// The invoice of an IdentificativoSdI as XML, without its signature, in the encoding that it has; or the file as it
/// was received. It is downloaded once and served from the database afterwards.
/// </summary>
internal static class GetPoolInvoiceXml
{
    private const string Xml = "application/xml";

    public static async Task<Results<BinaryFile, NotFound, ProblemHttpResult>> Handle(
        string sdi, PoolFileQuery query, Tenant tenant, PoolFetch fetch, TenantDbContexts contexts,
        HttpContext http, CancellationToken ct)
    {
        if (!PoolEvent.IsSdiId(sdi))
            return TypedResults.NotFound();
        if (await FindAsync(sdi, tenant, contexts, ct) is { } known)
            return Respond(known, query.Original);
        try
        {
            switch (await fetch.FetchAsync(tenant, sdi, ct))
            {
                case FetchOutcome.KeyMissing:
                    return ProviderProblems.KeyMissing();
                case FetchOutcome.NotFound:
                    return TypedResults.NotFound();
                case FetchOutcome.Busy:
                    return ProviderProblems.Busy(http);
            }
        }
        catch (FatturaPaException failure)
        {
            return ProviderProblems.From(failure, http);
        }
        return await FindAsync(sdi, tenant, contexts, ct) is { } stored
            ? Respond(stored, query.Original)
            : TypedResults.NotFound();
    }

    private static async Task<StoredFile?> FindAsync(
        string sdi, Tenant tenant, TenantDbContexts contexts, CancellationToken ct)
    {
        await using var db = contexts.ForReading(tenant);
        return await PoolInvoices.FileAsync(db, sdi, ct);
    }

    private static Results<BinaryFile, NotFound, ProblemHttpResult> Respond(StoredFile file, bool original)
    {
        if (original)
            return new BinaryFile(file.Content, TypeOf(file.Content), file.Name);
        var read = ReceivedFileReader.Read(file.Content, file.Name);
        return read.IsReadable
            ? new BinaryFile(read.Xml, Xml, NameOf(file.Name))
            : Problems.Unprocessable(
                "file_unreadable",
                $"The file is no invoice that can be read ({FileStore.Name(read.Reason!.Value)}). "
                + "It is returned as it was received with original=true.");
    }

    private static string TypeOf(byte[] content) => FileContent.Recognise(content) switch
    {
        ContentForm.Xml => Xml,
        ContentForm.Signed or ContentForm.Encoded => "application/pkcs7-mime",
        _ => "application/octet-stream",
    };

    // Without the extensions of signatures.
    private static string NameOf(string name) =>
        $"{(name.IndexOf('.', StringComparison.Ordinal) is > 0 and var dot ? name[..dot] : name)}.xml";
}
