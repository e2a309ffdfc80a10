namespace ECommerce.Features.Invoices.Pricing;

/// <summary>Divides amounts.</summary>
internal static class Shares
{
    /// <summary>
    /// The amount in the proportion of the weights, each share with so many decimals; the last one with a weight takes
    /// what is left.
    /// </summary>
    public static decimal[] Divide(decimal amount, IReadOnlyList<decimal> weights, int decimals)
    {
        var shares = new decimal[weights.Count];
        var whole = weights.Sum();
        var last = weights.Index().LastOrDefault(static weight => weight.Item > 0, (-1, 0)).Index;
        if (last < 0 || whole <= 0)
            return shares;
        var rest = amount;
        for (var i = 0; i < last; i++)
        {
            shares[i] = decimal.Round(amount * weights[i] / whole, decimals, MidpointRounding.AwayFromZero);
            rest -= shares[i];
        }
        shares[last] = rest;
        return shares;
    }
}
