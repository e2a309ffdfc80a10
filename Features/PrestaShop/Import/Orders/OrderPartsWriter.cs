namespace ECommerce.Features.PrestaShop.Import.Orders;

/// <summary>
/// Replaces the parts of created and updated orders. They change with their orders only, whose rows the batch has
/// written: the orders' tags cover them.
/// </summary>
internal sealed class OrderPartsWriter(WriteTransaction tx, Tenant tenant, ImportResult result)
{
    private const int RowsPerStatement = 500;

    private const string Lines = """
        INSERT INTO order_lines (tenant_id, order_id, origin_id, product_id, product_attribute_id, product_name,
                                 product_reference, product_ean13, product_quantity, product_quantity_refunded,
                                 product_quantity_return, unit_price_tax_excl, unit_price_tax_incl, vat_rate,
                                 reduction_percent, reduction_amount_tax_excl, reduction_amount_tax_incl, ecotax,
                                 ecotax_tax_rate, total_price_tax_excl, total_price_tax_incl)
        """;

    private const string Discounts = """
        INSERT INTO order_discounts (tenant_id, order_id, origin_id, cart_rule_id, name, code, value, value_tax_excl,
                                     free_shipping)
        """;

    private const string Payments = """
        INSERT INTO order_payments (tenant_id, order_id, origin_id, payment_method, transaction_id, amount, currency,
                                    conversion_rate, date_add)
        """;

    private const string Refunds = """
        INSERT INTO order_refunds (tenant_id, order_id, origin_id, conversion_rate, total_products_tax_excl,
                                   total_products_tax_incl, total_shipping_tax_excl, total_shipping_tax_incl,
                                   total_tax_excl, total_tax_incl, is_partial, date_add, local_date)
        """;

    private const string RefundLines = """
        INSERT INTO order_refund_lines (tenant_id, order_id, refund_origin_id, line_origin_id, product_quantity,
                                        amount_tax_excl, amount_tax_incl)
        """;

    private const string Shipments = """
        INSERT INTO order_shipments (tenant_id, order_id, origin_id, carrier_id, tracking_number, weight,
                                     shipping_cost_tax_excl, shipping_cost_tax_incl, date_add)
        """;

    private const string Messages = """
        INSERT INTO order_messages (tenant_id, order_id, origin_id, is_from_employee, is_private, message, date_add)
        """;

    /// <param name="orders">The parts of the page's orders, by their ids in the shop.</param>
    /// <param name="shop">Of a resource that it may not read, what is stored stays.</param>
    /// <param name="ct">Cancels.</param>
    public async Task ReplaceAsync(
        IReadOnlyDictionary<long, ImportedOrder> orders, OptionalResources shop, CancellationToken ct)
    {
        var changed = orders.Where(order => result.TryGetChanged(order.Key, out _)).Select(order => (
            Id: result.TryGetChanged(order.Key, out var id) ? id : 0, order.Value)).ToArray();
        await WriteAsync("order_lines", Lines, changed, static order => order.Lines.Select(LineOf), ct);
        if (shop.IsAvailable("order_cart_rules"))
        {
            await WriteAsync(
                "order_discounts", Discounts, changed, static order => order.Discounts.Select(DiscountOf), ct);
        }
        if (shop.IsAvailable("order_payments"))
            await WriteAsync("order_payments", Payments, changed, static order => order.Payments.Select(PaymentOf), ct);
        if (shop.IsAvailable("order_carriers"))
        {
            await WriteAsync(
                "order_shipments", Shipments, changed, static order => order.Shipments.Select(ShipmentOf), ct);
        }
        if (shop.IsAvailable("customer_threads") && shop.IsAvailable("customer_messages"))
            await WriteAsync("order_messages", Messages, changed, static order => order.Messages.Select(MessageOf), ct);
        if (shop.IsAvailable("order_slip"))
        {
            await WriteAsync("order_refunds", Refunds, changed, static order => order.Refunds.Select(RefundOf), ct);
            await WriteAsync("order_refund_lines", RefundLines, changed, static order => order.Refunds.SelectMany(
                static refund => refund.Lines.Select(line => (object?[])
                    [refund.OriginId, line.LineOriginId, line.Quantity, line.Net, line.Gross])), ct);
        }
    }

    private static object?[] LineOf(ImportedLine line) =>
    [
        line.OriginId, line.ProductId, line.ProductAttributeId, line.ProductName, line.ProductReference,
        line.ProductEan13, line.Quantity, line.QuantityRefunded, line.QuantityReturn, line.UnitNet, line.UnitGross,
        line.VatRate, line.ReductionPercent, line.ReductionNet, line.ReductionGross, line.Ecotax, line.EcotaxTaxRate,
        line.Net, line.Gross,
    ];

    private static object?[] DiscountOf(ImportedDiscount discount) =>
    [
        discount.OriginId, discount.CartRule, discount.Name, discount.Code, discount.Value, discount.ValueNet,
        discount.FreeShipping,
    ];

    private static object?[] PaymentOf(ImportedPayment payment) =>
    [
        payment.OriginId, payment.Method, payment.Transaction, payment.Amount, payment.Currency,
        payment.ConversionRate, payment.DateAdd,
    ];

    private static object?[] ShipmentOf(ImportedShipment shipment) =>
    [
        shipment.OriginId, shipment.CarrierId, shipment.TrackingNumber, shipment.Weight, shipment.CostNet,
        shipment.CostGross, shipment.DateAdd,
    ];

    private static object?[] MessageOf(ImportedMessage message) =>
        [message.OriginId, message.IsFromEmployee, message.IsPrivate, message.Message, message.DateAdd];

    private static object?[] RefundOf(ImportedRefund refund) =>
    [
        refund.OriginId, refund.ConversionRate, refund.ProductsNet, refund.ProductsGross, refund.ShippingNet,
        refund.ShippingGross, refund.ProductsNet + refund.ShippingNet, refund.ProductsGross + refund.ShippingGross,
        refund.IsPartial, refund.DateAdd, refund.LocalDate,
    ];

    private async Task WriteAsync(
        string table, string insert, (long Id, ImportedOrder Order)[] changed,
        Func<ImportedOrder, IEnumerable<object?[]>> rowsOf, CancellationToken ct)
    {
        if (result.Updated.Count > 0)
        {
            await tx.ExecuteAsync(
                $"DELETE FROM {table} WHERE tenant_id = @tenant AND order_id IN @orders",
                new { tenant, orders = result.Updated.Values }, ct);
        }
        var rows = changed.SelectMany(
            order => rowsOf(order.Order).Select(values => (object?[])[tenant.Slug, order.Id, .. values]));
        foreach (var chunk in rows.Chunk(RowsPerStatement))
            await tx.InsertAllAsync(insert, chunk[0].Length, chunk, "", ct);
    }
}
