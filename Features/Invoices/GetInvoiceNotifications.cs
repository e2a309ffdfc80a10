using System.Text.Json;
using ECommerce.Caching;
using ECommerce.Features.Data.Entities.Invoices;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace ECommerce.Features.Invoices;

/// <summary>What the SDI has answered about an invoice, first to last.</summary>
internal static class GetInvoiceNotifications
{
    public static async Task<Results<Ok<PagedResult<InvoiceNotificationDetails>>, NotFound>> Handle(
        long id, Tenant tenant, MultiLevelCache cache, TenantDbContexts contexts, CancellationToken ct)
    {
        var found = await cache.GetOrCreateAsync(
            InvoicesCaching.Notifications.Key(tenant, id), (contexts, tenant, id),
            static async ValueTask<IReadOnlyList<InvoiceNotificationDetails>?> (state, _, ct) =>
            {
                await using var db = state.contexts.ForReading(state.tenant);
                return await db.Invoices.AnyAsync(i => i.Id == state.id, ct)
                    ? await QueryAsync(db, state.id, ct)
                    : null;
            },
            InvoicesCaching.Notifications, ct);

        return found is null
            ? TypedResults.NotFound()
            : TypedResults.Ok(
                new PagedResult<InvoiceNotificationDetails>(found, found.Count, Page: 1, Limit: found.Count));
    }

    public static async Task<IReadOnlyList<InvoiceNotificationDetails>> QueryAsync(
        ECommerceDbContext db, long invoice, CancellationToken ct)
    {
        var rows = await db.Rows<InvoiceNotification>().Where(n => n.InvoiceId == invoice).OrderBy(n => n.Id)
            .Select(n => new
            {
                Shown = new InvoiceNotificationDetails(
                    n.Id, n.Kind, n.SdiId, n.FileName, n.NotificationName, n.SdiReceivedAt, n.ReceivedAt),
                n.Errors,
            }).ToListAsync(ct);
        return [.. rows.Select(static row => row.Shown with { Errors = Parse(row.Errors) })];
    }

    private static InvoiceNotificationError[] Parse(string? errors)
    {
        if (errors is null)
            return [];
        try
        {
            return JsonSerializer.Deserialize<InvoiceNotificationError[]>(errors, JsonSerializerOptions.Web) ?? [];
        }
        // Shown as it is: it is only for people.
        catch (JsonException)
        {
            return [new InvoiceNotificationError("", errors, null)];
        }
    }
}
