using ECommerce.Mocks.PrestaShop.Storage;

namespace ECommerce.Mocks.PrestaShop.Generation;

/// <summary>Every sixth product comes in three sizes, each with a price, a code and a stock of its own.</summary>
internal sealed class CombinationGenerator(ShopOptions options)
{
    private const int Sizes = 3;

    // Beyond the ids of products, which their own stock has.
    private const int FirstStock = 1_000_000;

    public static bool HasSome(int product) => product % 6 == 0;

    public static IEnumerable<Row> Of(CatalogueItem item)
    {
        for (var size = 0; HasSome(item.Id) && size < Sizes; size++)
        {
            yield return new RowBuilder(Schemas.Known["combinations"], IdOf(item, size))
                .Set("id_product", item.Id).Set("reference", $"{item.Reference}-{"SML"[size]}")
                .Set("ean13", $"1{item.Ean13[..^1]}{size}").Set("price", size - 1.5m).Set("weight", size * 0.1m)
                .Set("wholesale_price", 0m).Set("ecotax", 0m).Set("unit_price_impact", 0m).Set("minimal_quantity", 1)
                .Set("default_on", size == 0).Set("available_date", "0000-00-00")
                .Associate("product_option_values", [[ShopFormat.Id(size + 1)]])
                .Build();
        }
    }

    public IEnumerable<Row> StockOf(CatalogueItem item)
    {
        for (var size = 0; HasSome(item.Id) && size < Sizes; size++)
        {
            var id = IdOf(item, size);
            yield return new RowBuilder(Schemas.Known["stock_availables"], FirstStock + id)
                .Set("id_product", item.Id).Set("id_product_attribute", id).Set("id_shop", 1)
                .Set("quantity", Rng.For(options.Seed, "stock.combinations", id).Between(0, 100))
                .Set("out_of_stock", 2)
                .Build();
        }
    }

    private static int IdOf(CatalogueItem item, int size) => item.Id / 6 * Sizes + size - Sizes + 1;
}
