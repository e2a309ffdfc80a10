using ECommerce.Features.Invoices.Requests;

namespace ECommerce.Features.Invoices.Pricing;

/// <summary>What a line of an order comes to.</summary>
internal static class LineAmounts
{
    public const int Decimals = 8;

    /// <summary>An amount with the decimals that an invoice can show.</summary>
    public static decimal Exact(decimal amount) => decimal.Round(amount, Decimals, MidpointRounding.AwayFromZero);

    public static decimal WithVat(decimal net, decimal rate) => net * (1 + (rate / 100));

    public static decimal WithoutVat(decimal gross, decimal rate) => gross / (1 + (rate / 100));

    /// <summary>With VAT, as the order has it or as its rounding makes it.</summary>
    public static decimal GrossTotal(this InvoicedLine line, OrderRounding rounding)
    {
        if (line.TotalGross is { } total)
            return total;
        var unit = line.UnitGross ?? WithVat(line.UnitNet, line.VatRate);
        return rounding.Type switch
        {
            OrderRounding.Item => rounding.Round(unit) * line.Quantity,
            OrderRounding.Total => unit * line.Quantity,
            _ => rounding.Round(unit * line.Quantity),
        };
    }

    /// <summary>
    /// Without VAT and unrounded. The unit price counts, unless the order's total shows that a reduction is still to be
    /// taken off it.
    /// </summary>
    public static decimal NetTotal(this InvoicedLine line)
    {
        var exact = line.UnitNet * line.Quantity;
        return line.TotalNet is { } total && Math.Abs(total - exact) > 0.01m * (line.Quantity + 1) ? total : exact;
    }
}
