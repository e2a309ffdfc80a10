using ECommerce.Mocks.PrestaShop.Generation.Orders;
using ECommerce.Mocks.PrestaShop.Storage;

namespace ECommerce.Mocks.PrestaShop.Generation;

/// <summary>A whole shop from a seed and some sizes.</summary>
internal static class ShopGenerator
{
    /// <summary>
    /// The "today" of the generated shop: fixed, so that the same seed gives the same shop next year.
    /// </summary>
    public static DateTime BaseDate { get; } = new(2026, 7, 1, 0, 0, 0, DateTimeKind.Unspecified);

    public static DateTime Opened { get; } = BaseDate.AddDays(-760);

    public static IReadOnlyList<Table> Generate(ShopOptions options)
    {
        var texts = new Texts(options.Languages);
        var catalogue = new CatalogueGenerator(options, texts);
        List<Table> tables =
        [
            .. new LookupGenerator(texts, options).Generate(),
            .. catalogue.Generate(),
            .. new CustomerGenerator(options).Generate(),
        ];
        tables.AddRange(
            new OrderGenerator(options, Named("customers"), Named("addresses"), Named("order_states"), catalogue.Items)
                .Generate());
        return tables;

        Table Named(string resource) => tables.Single(table => table.Schema.Name == resource);
    }
}
