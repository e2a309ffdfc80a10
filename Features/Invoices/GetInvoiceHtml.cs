using ECommerce.Caching;
using ECommerce.Features.Invoices.Printing;
using ECommerce.Features.Invoices.Storage;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace ECommerce.Features.Invoices;

/// <summary>The page of an invoice.</summary>
internal sealed record InvoiceHtml(string Text);

/// <summary>An invoice as a page, made of its file. The page loads nothing, and nothing in it runs.</summary>
internal static class GetInvoiceHtml
{
    public static async Task<Results<TextFile, NotFound>> Handle(
        long id, Tenant tenant, MultiLevelCache cache, TenantDbContexts contexts, CancellationToken ct)
    {
        var page = await cache.GetOrCreateAsync(
            InvoicesCaching.Html.Key(tenant, id), (contexts, tenant, id),
            static async ValueTask<InvoiceHtml?> (state, _, ct) =>
            {
                await using var db = state.contexts.ForReading(state.tenant);
                return StoredDocuments.Read((await db.FileOfAsync(state.id, ct))?.Content) is { } document
                    ? new InvoiceHtml(InvoicePage.Render(document))
                    : null;
            },
            InvoicesCaching.Html, ct);

        return page is null
            ? TypedResults.NotFound()
            : new TextFile(page.Text, "text/html; charset=utf-8", name: null)
            {
                ContentSecurityPolicy = InvoicePage.ContentSecurityPolicy,
            };
    }
}
