using ECommerce.Features.PrestaShop.Webservice;

namespace ECommerce.Features.PrestaShop.Import;

/// <summary>
/// What a shop's own configuration has; all null where its key may not read it, or there is no such resource.
/// </summary>
internal sealed record ShopConfiguration(string? TimeZone, long? Language, long? Country, long? Preparation)
{
    private const string Names = "[PS_TIMEZONE|PS_LANG_DEFAULT|PS_COUNTRY_DEFAULT|PS_OS_PREPARATION]";

    public static async Task<ShopConfiguration> ReadAsync(PrestaShopClient shop, CancellationToken ct)
    {
        var values = new Dictionary<string, ShopRow>();
        try
        {
            var filter = new Dictionary<string, string> { ["filter[name]"] = Names };
            await foreach (var page in shop.PagesAsync("configurations", filter, ct))
            {
                foreach (var row in page)
                {
                    // Of a multishop the first row is that of all its shops.
                    if (row.Text("name", 64) is { } name)
                        values.TryAdd(name, row);
                }
            }
            return new ShopConfiguration(
                values.GetValueOrDefault("PS_TIMEZONE").Text("value", 64), Id("PS_LANG_DEFAULT"),
                Id("PS_COUNTRY_DEFAULT"), Id("PS_OS_PREPARATION"));
        }
        catch (PrestaShopException failure) when (failure.IsRefusal)
        {
            return new ShopConfiguration(null, null, null, null);
        }

        long? Id(string name) => values.TryGetValue(name, out var row)
            && long.TryParse(row.Text("value", 32), out var id) ? id : null;
    }
}
