using ECommerce.Mocks.PrestaShop.Storage;

namespace ECommerce.Mocks.PrestaShop.Generation;

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

/// <summary>
/// Makes an order whose numbers add up to the cent: every row is rounded, the total is the rows less the discount plus
/// the shipping.
/// </summary>
internal sealed class OrderFactory(
    ResourceSchema orders, ResourceSchema details, IReadOnlyList<CatalogueItem> catalogue)
{
    private const decimal ShippingRate = 22m;

    private readonly record struct Line(int Id, CatalogueItem Item, int Quantity)
    {
        public decimal Net => ShopFormat.Cents(Item.NetPrice * Quantity);

        public decimal Gross => ShopFormat.Cents(Item.GrossPrice * Quantity);
    }

    private readonly record struct Amount(decimal Net, decimal Gross)
    {
        public static Amount FromGross(decimal gross) => new(ShopFormat.Cents(gross / (1 + ShippingRate / 100)), gross);
    }

    public (Row Order, IReadOnlyList<Row> Details) Create(OrderHead head, int firstDetail, Rng rng)
    {
        var lines = Enumerable.Range(0, rng.Pick([1, 1, 1, 2, 2, 3, 4]))
            .Select(i => new Line(firstDetail + i, rng.Pick(catalogue), rng.Pick([1, 1, 1, 2, 3])))
            .ToArray();
        var goods = new Amount(lines.Sum(line => line.Net), lines.Sum(line => line.Gross));
        var discount = Amount.FromGross(
            rng.Chance(15) ? ShopFormat.Cents(goods.Gross * rng.Pick([5, 10, 20]) / 100m) : 0);
        var carrier = rng.Pick([1, 3, 4, 4, 4]);
        var shipping = Amount.FromGross(carrier == 1 || goods.Gross >= 69 ? 0 : carrier == 3 ? 4.90m : 6.90m);

        return (
            Order(head, lines, goods, discount, carrier, shipping), [.. lines.Select(line => Detail(head.Id, line))]);
    }

    private Row Order(OrderHead head, Line[] lines, Amount goods, Amount discount, int carrier, Amount shipping)
    {
        var paid = new Amount(goods.Net - discount.Net + shipping.Net, goods.Gross - discount.Gross + shipping.Gross);
        return new RowBuilder(orders, head.Id)
            .Set("id_address_delivery", head.Delivery.Id).Set("id_address_invoice", head.Invoice.Id)
            .Set("id_cart", head.Cart)
            .Set("id_currency", 1).Set("id_lang", 1).Set("id_customer", head.Customer.Id).Set("id_carrier", carrier)
            .Set("current_state", head.Payment.FirstState).Set("module", head.Payment.Module)
            .Set("payment", head.Payment.Name)
            .Set("date_add", head.At).Set("date_upd", head.At).Set("id_shop_group", 1).Set("id_shop", 1)
            .Set("secure_key", head.Customer.Text("secure_key")).Set("recyclable", false).Set("gift", false)
            .Set("mobile_theme", false)
            .Set("total_discounts", discount.Gross).Set("total_discounts_tax_incl", discount.Gross)
            .Set("total_discounts_tax_excl", discount.Net)
            .Set("total_paid", paid.Gross).Set("total_paid_tax_incl", paid.Gross).Set("total_paid_tax_excl", paid.Net)
            .Set("total_paid_real", 0m)
            .Set("total_products", goods.Net).Set("total_products_wt", goods.Gross)
            .Set("total_shipping", shipping.Gross).Set("total_shipping_tax_incl", shipping.Gross)
            .Set("total_shipping_tax_excl", shipping.Net)
            .Set("carrier_tax_rate", "22.000")
            .Set("total_wrapping", 0m).Set("total_wrapping_tax_incl", 0m).Set("total_wrapping_tax_excl", 0m)
            .Set("round_mode", 2).Set("round_type", 2).Set("conversion_rate", 1m).Set("reference", head.Reference)
            .Associate("order_rows", OrderRows(lines))
            .Build();
    }

    private IReadOnlyList<string?[]> OrderRows(Line[] lines)
    {
        // By name: in a dump the parts may come in another order.
        var index = orders.IndexOfAssociation("order_rows");
        return index < 0
            ? []
            : [.. lines.Select(line => orders.Associations[index].Fields.Select(name => Part(line, name)).ToArray())];
    }

    private static string Part(Line line, string name) => name switch
    {
        "id" => ShopFormat.Id(line.Id),
        "product_id" => ShopFormat.Id(line.Item.Id),
        "product_quantity" => ShopFormat.Id(line.Quantity),
        "product_name" => line.Item.Name,
        "product_reference" => line.Item.Reference,
        "product_ean13" => line.Item.Ean13,
        "product_price" or "unit_price_tax_excl" => ShopFormat.Money(line.Item.NetPrice),
        "unit_price_tax_incl" => ShopFormat.Money(line.Item.GrossPrice),
        "product_attribute_id" or "id_customization" => "0",
        _ => "",
    };

    private Row Detail(int order, Line line) => new RowBuilder(details, line.Id)
        .Set("id_order", order).Set("product_id", line.Item.Id).Set("id_shop", 1).Set("product_name", line.Item.Name)
        .Set("product_quantity", line.Quantity).Set("product_quantity_in_stock", line.Quantity)
        .Set("product_ean13", line.Item.Ean13).Set("product_reference", line.Item.Reference)
        .Set("product_price", line.Item.NetPrice).Set("original_product_price", line.Item.NetPrice)
        .Set("unit_price_tax_incl", line.Item.GrossPrice).Set("unit_price_tax_excl", line.Item.NetPrice)
        .Set("total_price_tax_incl", line.Gross).Set("total_price_tax_excl", line.Net)
        .Set("id_tax_rules_group", line.Item.TaxId)
        .Associate("taxes", [[ShopFormat.Id(line.Item.TaxId)]])
        .Build();
}
