using ECommerce.Mocks.PrestaShop.Storage;

namespace ECommerce.Mocks.PrestaShop.Generation;

/// <summary>What an order row needs to know of a product.</summary>
internal sealed record CatalogueItem(
    int Id, string Name, string EnglishName, string Reference, string Ean13, decimal NetPrice, int VatRate,
    int Category)
{
    /// <summary>The tax, and the group of rules of the same number; 5 % is 3.</summary>
    public int TaxId => VatRate switch { 22 => 1, 10 => 2, 4 => 4, _ => 5 };

    public decimal GrossPrice => Math.Round(NetPrice * (1 + VatRate / 100m), 6, MidpointRounding.AwayFromZero);

    /// <summary>From a row of the shop, which may be a real one's dump.</summary>
    public static CatalogueItem From(Row product) => new(
        product.Id,
        NameOf(product),
        NameOf(product),
        product.Text("reference"),
        product.Text("ean13"),
        ShopFormat.Decimal(product.Text("price")),
        product.Text("id_tax_rules_group") switch { "2" => 10, "4" => 4, "0" => 0, _ => 22 },
        0);

    private static string NameOf(Row product) =>
        product["name"] is Translation[] translations ? translations[0].Value ?? "" : product.Text("name");
}
