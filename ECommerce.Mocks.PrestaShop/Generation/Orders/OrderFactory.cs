using ECommerce.Mocks.PrestaShop.Storage;

namespace ECommerce.Mocks.PrestaShop.Generation.Orders;

/// <summary>How an order is paid: the module, its name in the shop and the state it begins with.</summary>
internal sealed record PaymentMethod(string Module, string Name, int FirstState)
{
    public static IReadOnlyList<PaymentMethod> All { get; } =
    [
        new("ps_checkout", "Carta di credito", 2), new("ps_checkout", "Carta di credito", 2),
        new("paypal", "PayPal", 11),
        new("ps_wirepayment", "Bonifico bancario", 10), new("ps_cashondelivery", "Contrassegno", 13),
        new("ps_checkpayment", "Assegno", 1),
    ];
}

/// <summary>The head of an order: its customer, addresses, payment and time.</summary>
internal sealed record OrderHead(
    int Id, int Cart, string Reference, Row Customer, Row Delivery, Row Invoice, PaymentMethod Payment, DateTime At);

/// <summary>An order with its rows and the vouchers that lowered it.</summary>
internal sealed record NewOrder(Row Order, IReadOnlyList<Row> Details, IReadOnlyList<Row> CartRules);

/// <summary>Makes orders that add up to the cent by their own rule of rounding.</summary>
internal sealed class OrderFactory(
    ResourceSchema orders, ResourceSchema details, IReadOnlyList<CatalogueItem> catalogue)
{
    private static readonly ResourceSchema CartRules = Schemas.Known["order_cart_rules"];

    public NewOrder Create(OrderHead head, int firstDetail, int firstCartRule, Rng rng)
    {
        var terms = OrderTerms.Pick(rng);
        var basket = new OrderBasket(terms, catalogue, rng);
        return new(
            Order(head, terms, basket, firstDetail, rng),
            [.. basket.Lines.Select((line, i) => Detail(firstDetail + i, head.Id, line))],
            [.. basket.Vouchers.Select((voucher, i) => CartRule(firstCartRule + i, head.Id, voucher))]);
    }

    private static decimal Money(long millionths) => ShopRounding.ToDecimal(millionths);

    private Row Order(OrderHead head, OrderTerms terms, OrderBasket basket, int firstDetail, Rng rng) =>
        new RowBuilder(orders, head.Id)
            .Set("id_address_delivery", head.Delivery.Id).Set("id_address_invoice", head.Invoice.Id)
            .Set("id_cart", head.Cart)
            .Set("id_currency", terms.Currency.Id).Set("id_lang", 1).Set("id_customer", head.Customer.Id)
            .Set("id_carrier", basket.Carrier)
            .Set("current_state", head.Payment.FirstState).Set("module", head.Payment.Module)
            .Set("payment", head.Payment.Name)
            .Set("date_add", head.At).Set("date_upd", head.At).Set("id_shop_group", 1).Set("id_shop", 1)
            .Set("secure_key", head.Customer.Text("secure_key")).Set("recyclable", false)
            .Set("gift", basket.Wrapping.Gross > 0)
            .Set("gift_message", basket.Wrapping.Gross > 0 ? "Tanti auguri!" : "").Set("mobile_theme", false)
            .Set("total_discounts", Money(basket.Discounts.Gross))
            .Set("total_discounts_tax_incl", Money(basket.Discounts.Gross))
            .Set("total_discounts_tax_excl", Money(basket.Discounts.Net))
            .Set("total_paid", Money(basket.Paid.Gross)).Set("total_paid_tax_incl", Money(basket.Paid.Gross))
            .Set("total_paid_tax_excl", Money(basket.Paid.Net)).Set("total_paid_real", 0m)
            .Set("total_products", Money(basket.Products.Net)).Set("total_products_wt", Money(basket.Products.Gross))
            .Set("total_shipping", Money(basket.Shipping.Gross))
            .Set("total_shipping_tax_incl", Money(basket.Shipping.Gross))
            .Set("total_shipping_tax_excl", Money(basket.Shipping.Net))
            // An average over the cart, or nothing: no rate of VAT.
            .Set("carrier_tax_rate", rng.Pick(["22.000", "22.000", "22.000", "16.000", "0.000"]))
            .Set("total_wrapping", Money(basket.Wrapping.Gross))
            .Set("total_wrapping_tax_incl", Money(basket.Wrapping.Gross))
            .Set("total_wrapping_tax_excl", Money(basket.Wrapping.Net))
            .Set("round_mode", terms.Rounding.Mode).Set("round_type", (int)terms.Rounding.Type)
            .Set("conversion_rate", terms.Currency.Rate).Set("reference", head.Reference)
            .Associate("order_rows", OrderRows(basket.Lines, firstDetail))
            .Build();

    private IReadOnlyList<string?[]> OrderRows(IReadOnlyList<BasketLine> lines, int firstDetail)
    {
        // By name: in a dump the parts may come in another order.
        var index = orders.IndexOfAssociation("order_rows");
        return index < 0
            ? []
            : [.. lines.Select((line, i) => orders.Associations[index].Fields
                .Select(name => Part(firstDetail + i, line, name)).ToArray())];
    }

    private static string Part(int id, BasketLine line, string name) => name switch
    {
        "id" => ShopFormat.Id(id),
        "product_id" => ShopFormat.Id(line.Item.Id),
        "product_quantity" => ShopFormat.Id(line.Quantity),
        "product_name" => line.Item.Name,
        "product_reference" => line.Item.Reference,
        "product_ean13" => line.Item.Ean13,
        "product_price" => ShopFormat.Money(Money(line.Original.Net)),
        "unit_price_tax_excl" => ShopFormat.Money(Money(line.Unit.Net)),
        "unit_price_tax_incl" => ShopFormat.Money(Money(line.Unit.Gross)),
        "product_attribute_id" or "id_customization" => "0",
        _ => "",
    };

    private Row Detail(int id, int order, BasketLine line) => new RowBuilder(details, id)
        .Set("id_order", order).Set("product_id", line.Item.Id).Set("id_shop", 1).Set("product_name", line.Item.Name)
        .Set("product_quantity", line.Quantity).Set("product_quantity_in_stock", line.Quantity)
        .Set("product_ean13", line.Item.Ean13).Set("product_reference", line.Item.Reference)
        .Set("product_price", Money(line.Original.Net)).Set("original_product_price", Money(line.Original.Net))
        .Set("reduction_percent", (decimal)line.ReductionPercent)
        .Set("ecotax", Money(line.Ecotax)).Set("ecotax_tax_rate", line.Ecotax > 0 ? "22.000" : "0.000")
        .Set("unit_price_tax_incl", Money(line.Unit.Gross)).Set("unit_price_tax_excl", Money(line.Unit.Net))
        .Set("total_price_tax_incl", Money(line.Total.Gross)).Set("total_price_tax_excl", Money(line.Total.Net))
        .Set("id_tax_rules_group", line.Item.TaxId)
        .Associate("taxes", [[ShopFormat.Id(line.Item.TaxId)]])
        .Build();

    private static Row CartRule(int id, int order, Voucher voucher) => new RowBuilder(CartRules, id)
        .Set("id_order", order).Set("id_cart_rule", voucher.Rule).Set("name", voucher.Name)
        .Set("value", Money(voucher.Value.Gross)).Set("value_tax_excl", Money(voucher.Value.Net))
        .Set("free_shipping", voucher.IsFreeShipping)
        .Build();
}
