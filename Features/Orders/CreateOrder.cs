using System.Security.Cryptography;
using Dapper;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace ECommerce.Features.Orders;

internal static class CreateOrder
{
    private const string Sql = """
        INSERT INTO orders (tenant_id, customer_id, address_delivery_id, address_invoice_id, carrier_id, lang_id, state_id, reference, payment,
                            carrier_tax_rate, total_products, total_products_wt, total_discounts, total_discounts_tax_excl, total_shipping,
                            total_shipping_tax_excl, total_paid, total_paid_tax_excl, is_paid, is_invoice_requested, notes, assigned_to,
                            created_by, date_add, date_upd)
        VALUES (@tenant, @CustomerId, @AddressDeliveryId, @AddressInvoiceId, @CarrierId, @LangId, @stateId, @Reference, @Payment,
                @CarrierTaxRate, @TotalProducts, @TotalProductsWt, @TotalDiscounts, @TotalDiscountsTaxExcl, @TotalShipping,
                @TotalShippingTaxExcl, @TotalPaid, @TotalPaidTaxExcl, @IsPaid, @IsInvoiceRequested, @Notes, @AssignedTo,
                @createdBy, @now, @now)
        """;

    public static async Task<Results<Created<OrderDetails>, ProblemHttpResult>> Handle(
        OrderDraft order, Tenant tenant, CurrentUser user, WriteTransactions transactions, TimeProvider time, HttpContext http, CancellationToken ct)
    {
        await using var tx = await transactions.BeginAsync(ct);
        var invalid = await OrderReferences.From(order).UnknownAsync(tx, tenant, before: null, ct);
        var lines = await order.PriceAsync(tx, tenant, invalid, ct);
        if (invalid.Count > 0)
            return Problems.Invalid(invalid);
        if (await tx.StateByNumberAsync(tenant, shopId: null, OrderStates.Waiting, ct) is not { } state)
            return Problems.Conflict("no_initial_state", "No order state has the number 1, which new orders take.");
        if (order.Totals(lines) is not { TotalPaid: >= 0 } totals)
            return Problems.Invalid("total_discounts", "The discounts are higher than the order.");

        var now = time.GetUtcNow().UtcDateTime;
        var row = order.Row(tenant, totals, now);
        row.AddDynamicParams(new { stateId = state.Id, createdBy = user.Id, Reference = order.Reference ?? NewReference() });
        var id = await tx.InsertAsync(Sql, row, ct);
        await tx.InsertLinesAsync(tenant, id, lines, ct);
        await tx.RecordStateAsync(tenant, id, state.Id, user, note: null, now, ct);
        tx.Invalidate(OrdersCaching.StatusChanged(tenant, id));

        var created = await GetOrder.QueryAsync(tx.Connection, tenant, id, ct);
        return await tx.CommitCreatedAsync(http, $"/api/v1/orders/{id}", created!, ct);
    }

    /// <summary>The amounts of the order with these lines.</summary>
    internal static OrderTotals Totals(this OrderDraft order, IReadOnlyCollection<PricedLine> lines) =>
        OrderTotals.Calculate(lines, order.TotalDiscounts, order.TotalShipping, order.CarrierTaxRate ?? ItalianVat.OrdinaryRate);

    /// <summary>The columns that a client's words and our totals fill.</summary>
    internal static DynamicParameters Row(this OrderDraft order, Tenant tenant, OrderTotals totals, DateTime now)
    {
        var row = new DynamicParameters(new { tenant, now });
        row.AddDynamicParams(OrderReferences.From(order));
        row.AddDynamicParams(totals);
        row.AddDynamicParams(new { order.Payment, order.IsPaid, order.IsInvoiceRequested, order.Notes, CarrierTaxRate = order.CarrierTaxRate ?? ItalianVat.OrdinaryRate });
        return row;
    }

    // As shops make them: nine capital letters.
    private static string NewReference() => RandomNumberGenerator.GetString("ABCDEFGHIJKLMNOPQRSTUVWXYZ", 9);
}
