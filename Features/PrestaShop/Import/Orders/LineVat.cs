using ECommerce.Features.PrestaShop.Webservice;

namespace ECommerce.Features.PrestaShop.Import.Orders;

/// <summary>
/// The VAT rate of a line, in percent. The shop states it: the line names its taxes. Where it does not, a known rate is
/// taken if the prices allow it within their own rounding, and else the one that the prices have.
/// </summary>
/// <param name="Percent">The rate.</param>
/// <param name="IsStated">Whether a tax of the shop, or a known rate, is behind it.</param>
internal readonly record struct LineVat(decimal Percent, bool IsStated)
{
    private const long OneAfterAnother = 2;

    /// <param name="row">The line.</param>
    /// <param name="isDetail">Whether it can name taxes.</param>
    /// <param name="lookups">The taxes.</param>
    /// <param name="net">The unit price without ecotax, which has a rate of its own.</param>
    /// <param name="gross">The same with VAT.</param>
    public static LineVat Of(ShopRow row, bool isDetail, MoneyLookups lookups, decimal net, decimal gross)
    {
        if (isDetail && Stated(row, lookups) is { } stated)
            return new LineVat(Percentage.Round(stated), IsStated: true);
        if (net == gross || net <= 0)
            return new LineVat(0, IsStated: true);

        var percent = ((gross / net) - 1) * 100;
        var fitting = lookups.KnownRates.Where(rate => Math.Abs(gross - (net * (1 + (rate / 100)))) <= Error(rate))
            .OrderBy(rate => Math.Abs(rate - percent)).Select(rate => (decimal?)rate).FirstOrDefault();
        return fitting is { } known
            ? new LineVat(Percentage.Round(known), IsStated: true)
            : new LineVat(Clamp(Percentage.Round(percent)), IsStated: false);

        // Half of the last digit of either price; a shop that rounds each piece stores whole cents.
        decimal Error(decimal rate)
        {
            var half = net == decimal.Round(net, 2) && gross == decimal.Round(gross, 2) ? 0.005m : 0.0000005m;
            return half + (half * (1 + (rate / 100)));
        }
    }

    // The column has three digits before the point.
    private static decimal Clamp(decimal percent) => Math.Clamp(percent, -999, 999);

    private static decimal? Stated(ShopRow row, MoneyLookups lookups)
    {
        decimal[] rates = [.. row.Association("taxes").Select(tax => tax.Reference("id")).OfType<long>()
            .Select(id => lookups.TaxRate(id) ?? -1)];
        if (rates.Length == 0 || rates.Contains(-1))
            return null;
        return row.Long("tax_computation_method") == OneAfterAnother
            ? (rates.Aggregate(1m, (factor, rate) => factor * (1 + (rate / 100))) - 1) * 100
            : rates.Sum();
    }
}
