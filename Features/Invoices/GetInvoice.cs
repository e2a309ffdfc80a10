using System.Linq.Expressions;
using ECommerce.Caching;
using ECommerce.Features.Data.Entities.Invoices;
using ECommerce.Features.Invoices.Storage;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace ECommerce.Features.Invoices;

internal static class GetInvoice
{
    private static readonly Expression<Func<Invoice, InvoiceDetails>> Details = i => new InvoiceDetails(
        i.Id, i.RowVersion, i.DocumentType, i.Reference, i.Year, i.Number, i.LocalDate, i.State, i.SdiId, i.OrderId,
        i.CustomerId, i.InvoiceId, i.BuyerName, i.BuyerVatNumber, i.BuyerTaxCode, i.Currency, i.TotalTaxable,
        i.TotalTax, i.Total, i.StampDuty, i.CreatedBy, i.DateAdd, i.DateUpd);

    public static async Task<Results<Ok<InvoiceDetails>, NotFound>> Handle(
        long id, Tenant tenant, MultiLevelCache cache, TenantDbContexts contexts, CancellationToken ct)
    {
        var invoice = await cache.GetOrCreateAsync(
            InvoicesCaching.Invoice.Key(tenant, id), (contexts, tenant, id),
            static async ValueTask<InvoiceDetails?> (state, entry, ct) =>
            {
                await using var db = state.contexts.ForReading(state.tenant);
                var found = await TenantDbContexts.InSnapshotAsync(db, () => QueryAsync(db, state.id, ct), ct);
                if (found is not null)
                    entry.DependsOn(Tags.Customer(state.tenant, found.CustomerId));
                return found;
            },
            InvoicesCaching.Invoice, ct);

        return invoice is null ? TypedResults.NotFound() : TypedResults.Ok(invoice);
    }

    public static async Task<InvoiceDetails?> QueryAsync(ECommerceDbContext db, long id, CancellationToken ct)
    {
        if (await db.Invoices.Where(i => i.Id == id).Select(Details).SingleOrDefaultAsync(ct) is not { } invoice)
            return null;
        var file = await db.FileOfAsync(id, ct);
        var document = StoredDocuments.Read(file?.Content);
        return invoice with
        {
            FileName = file?.Name,
            Lines =
            [
                .. (document?.Lines ?? []).Select(static line => new InvoiceLineDetails(
                    line.Number, line.Description, line.Quantity, line.UnitPrice, line.Total, line.VatRate,
                    line.Nature)),
            ],
            VatTotals =
            [
                .. (document?.Summaries ?? []).Select(static total => new InvoiceVatTotal(
                    total.VatRate, total.Nature, total.Taxable, total.Tax)),
            ],
            CreditNotes = await db.Invoices.Where(i => i.InvoiceId == id).OrderBy(i => i.Id)
                .Select(i => new InvoiceCreditNote(i.Id, i.Reference, i.LocalDate, i.Total, i.State)).ToListAsync(ct),
            Notifications = await GetInvoiceNotifications.QueryAsync(db, id, ct),
        };
    }
}
