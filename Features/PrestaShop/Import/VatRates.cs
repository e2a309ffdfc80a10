using ECommerce.Features.PrestaShop.Webservice;

namespace ECommerce.Features.PrestaShop.Import;

/// <summary>
/// The VAT rate per tax rules group of a shop in its country: the group has rules, the rule for the country names a
/// tax, the tax has the rate. Rules for a state or for postcodes are exceptions, and no product's rate.
/// </summary>
internal sealed class VatRates
{
    private readonly Dictionary<long, decimal> _byGroup = [];

    public static async Task<VatRates> ReadAsync(PrestaShopClient shop, long? shopCountry, CancellationToken ct)
    {
        var rates = new VatRates();
        var country = shopCountry ?? (await shop.AllAsync("countries", ct))
            .Where(row => row.Text("iso_code", 3) == "IT").Select(row => (long?)row.Id).FirstOrDefault();
        var taxes = new Dictionary<long, decimal>();
        foreach (var tax in await shop.AllAsync("taxes", ct))
            Read("taxes", tax, () => taxes[tax.Id] = tax.Number("rate"));
        foreach (var rule in await shop.AllAsync("tax_rules", ct))
        {
            Read("tax_rules", rule, () =>
            {
                if (rule.Long("id_country") == country && rule.Reference("id_tax_rules_group") is { } group
                    && !IsException(rule) && taxes.TryGetValue(rule.Long("id_tax") ?? 0, out var rate))
                {
                    rates._byGroup[group] = rate;
                }
            });
        }
        return rates;

        void Read(string resource, ShopRow row, Action read)
        {
            try
            {
                read();
            }
            catch (RowRejectedException rejection)
            {
                shop.Rejected?.Invoke(resource, row.Id, rejection.Message);
            }
        }
    }

    /// <summary>Group zero, and a group without a rule for the country, mean no tax.</summary>
    public decimal Of(long? group) => group is null ? 0m : _byGroup.GetValueOrDefault(group.Value);

    private static bool IsException(ShopRow rule) =>
        rule.Reference("id_state") is not null || IsPostcode(rule.Text("zipcode_from", 12))
        || IsPostcode(rule.Text("zipcode_to", 12));

    // Without postcodes the columns are empty or "0".
    private static bool IsPostcode(string? text) => text?.Trim('0') is { Length: > 0 };
}
