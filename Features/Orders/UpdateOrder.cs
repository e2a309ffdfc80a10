using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace ECommerce.Features.Orders;

internal static class UpdateOrder
{
    private const string Lock = """
        SELECT row_version, processed_at, customer_id, address_delivery_id, address_invoice_id, carrier_id, lang_id, assigned_to
        FROM orders
        WHERE tenant_id = @tenant AND id = @id AND deleted_at IS NULL
        FOR UPDATE
        """;

    private const string Quantities = """
        SELECT product_id, CAST(SUM(product_quantity) AS SIGNED) AS amount
        FROM order_lines
        WHERE tenant_id = @tenant AND order_id = @id AND product_id IS NOT NULL
        GROUP BY product_id
        """;

    // Without its hash the next full synchronisation compares an imported row again and restores what the shop says.
    private const string Sql = """
        UPDATE orders
        SET customer_id = @CustomerId, address_delivery_id = @AddressDeliveryId, address_invoice_id = @AddressInvoiceId, carrier_id = @CarrierId,
            lang_id = @LangId, reference = COALESCE(@Reference, reference), payment = @Payment, carrier_tax_rate = @CarrierTaxRate,
            total_products = @TotalProducts, total_products_wt = @TotalProductsWt, total_discounts = @TotalDiscounts,
            total_discounts_tax_excl = @TotalDiscountsTaxExcl, total_shipping = @TotalShipping, total_shipping_tax_excl = @TotalShippingTaxExcl,
            total_paid = @TotalPaid, total_paid_tax_excl = @TotalPaidTaxExcl, is_paid = @IsPaid, is_invoice_requested = @IsInvoiceRequested,
            notes = @Notes, assigned_to = @AssignedTo, date_upd = @now, origin_hash = NULL, row_version = row_version + 1
        WHERE tenant_id = @tenant AND id = @id;

        DELETE FROM order_lines WHERE tenant_id = @tenant AND order_id = @id
        """;

    public static async Task<Results<Ok<OrderDetails>, NotFound, ProblemHttpResult>> Handle(
        long id, OrderDraft order, IfMatch ifMatch, Tenant tenant, WriteTransactions transactions, TimeProvider time, CancellationToken ct)
    {
        await using var tx = await transactions.BeginAsync(ct);
        if (await tx.SingleOrDefaultAsync<Locked>(Lock, new { tenant, id }, ct) is not { } before)
            return TypedResults.NotFound();
        if (!ifMatch.Allows(before.RowVersion))
            return Problems.PreconditionFailed();

        var invalid = await OrderReferences.From(order).UnknownAsync(tx, tenant, before.References, ct);
        var lines = await order.PriceAsync(tx, tenant, invalid, ct);
        if (invalid.Count > 0)
            return Problems.Invalid(invalid);
        if (order.Totals(lines) is not { TotalPaid: >= 0 } totals)
            return Problems.Invalid("total_discounts", "The discounts are higher than the order.");

        // The stock of a processed order was taken by its quantities.
        if (before.ProcessedAt is not null && !SameQuantities(await tx.ListAsync<Quantity>(Quantities, new { tenant, id }, ct), lines))
            return Problems.Conflict("order_already_processed", "The stock of this order has been taken; its quantities can no longer change.");

        var row = order.Row(tenant, totals, time.GetUtcNow().UtcDateTime);
        row.AddDynamicParams(new { id, order.Reference });
        await tx.ExecuteAsync(Sql, row, ct);
        await tx.InsertLinesAsync(tenant, id, lines, ct);
        tx.Invalidate(OrdersCaching.Changed(tenant, id));

        var changed = await GetOrder.QueryAsync(tx.Connection, tenant, id, ct);
        await tx.CommitAsync(ct);
        return TypedResults.Ok(changed!);
    }

    private static bool SameQuantities(IEnumerable<Quantity> before, IEnumerable<PricedLine> lines) =>
        before.ToHashSet().SetEquals(lines.Where(line => line.ProductId is not null).GroupBy(line => line.ProductId!.Value)
            .Select(group => new Quantity(group.Key, group.Sum(line => (long)line.ProductQuantity))));

    private sealed record Quantity(long ProductId, long Amount);

    private sealed record Locked(
        long RowVersion, DateTime? ProcessedAt, long CustomerId, long? AddressDeliveryId, long? AddressInvoiceId, int? CarrierId, int? LangId, int? AssignedTo)
    {
        public OrderReferences References => new(CustomerId, AddressDeliveryId, AddressInvoiceId, CarrierId, LangId, AssignedTo);
    }
}
