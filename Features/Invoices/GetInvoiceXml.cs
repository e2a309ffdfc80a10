using System.Text;
using ECommerce.Caching;
using ECommerce.Features.Invoices.Storage;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace ECommerce.Features.Invoices;

/// <summary>A file of an invoice; the text has the bytes of the file.</summary>
internal sealed record IssuedXml(string Name, string Text);

/// <summary>The file of an invoice that the SDI has accepted, or else the last one.</summary>
internal static class GetInvoiceXml
{
    public static async Task<Results<TextFile, NotFound>> Handle(
        long id, Tenant tenant, MultiLevelCache cache, TenantDbContexts contexts, CancellationToken ct)
    {
        var file = await cache.GetOrCreateAsync(
            InvoicesCaching.Xml.Key(tenant, id), (contexts, tenant, id),
            static async ValueTask<IssuedXml?> (state, _, ct) =>
            {
                await using var db = state.contexts.ForReading(state.tenant);
                return await db.FileOfAsync(state.id, ct) is { } found
                    ? new IssuedXml(found.Name, Encoding.UTF8.GetString(found.Content))
                    : null;
            },
            InvoicesCaching.Xml, ct);

        return file is null ? TypedResults.NotFound() : new TextFile(file.Text, "application/xml", file.Name);
    }
}
