namespace ECommerce.Features.PrestaShop.Webservice;

/// <summary>
/// The Italian VAT rate per tax rules group of a shop: the group has rules, the rule for Italy names a tax, the tax has
/// the rate.
/// </summary>
internal sealed class VatRates
{
    private readonly Dictionary<long, decimal> _byGroup = [];

    public static async Task<VatRates> ReadAsync(PrestaShopClient shop, CancellationToken ct)
    {
        var rates = new VatRates();
        var italy = (await shop.AllAsync("countries", ct)).FirstOrDefault(row => row.Text("iso_code", 3) == "IT");
        var taxes = (await shop.AllAsync("taxes", ct)).ToDictionary(row => row.Id, row => row.Number("rate"));
        foreach (var rule in await shop.AllAsync("tax_rules", ct))
        {
            if (!italy.IsPresent || rule.Long("id_country") != italy.Id
                || rule.Long("id_tax_rules_group") is not { } group)
            {
                continue;
            }

            if (rule.Long("id_tax") is { } tax && taxes.TryGetValue(tax, out var rate))
                rates._byGroup[group] = rate;
        }
        return rates;
    }

    /// <summary>Group zero means no tax.</summary>
    public decimal Of(long? group) =>
        group is null or 0 ? 0m : _byGroup.GetValueOrDefault(group.Value, ItalianVat.OrdinaryRate);
}
