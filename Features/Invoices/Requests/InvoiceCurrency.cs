using ECommerce.Features.Invoices.Pricing;

namespace ECommerce.Features.Invoices.Requests;

/// <summary>Invoices are in euro: the order's amounts are converted with the rate of the order.</summary>
internal static class InvoiceCurrency
{
    public const string Euro = "EUR";

    /// <summary>The same order in euro. Unit prices keep eight decimals, sums two.</summary>
    public static InvoicedOrder InEuro(this InvoicedOrder order)
    {
        var rate = order.ConversionRate;
        if (rate == 1 || rate <= 0)
            return order with { Currency = Euro, ConversionRate = 1 };
        return order with
        {
            Currency = Euro,
            ConversionRate = 1,
            Lines = [.. order.Lines.Select(line => line with
            {
                UnitNet = Unit(line.UnitNet),
                UnitGross = UnitOrNull(line.UnitGross),
                TotalNet = UnitOrNull(line.TotalNet),
                TotalGross = UnitOrNull(line.GrossTotal(order.Rounding)),
            })],
            Vouchers = [.. order.Vouchers.Select(voucher => voucher with
            {
                Value = Sum(voucher.Value),
                NetValue = voucher.NetValue is { } net ? Sum(net) : null,
            })],
            Shipping = Charge(order.Shipping),
            Wrapping = Charge(order.Wrapping),
            TotalPaid = order.TotalPaid is { } paid ? Sum(paid) : null,
            Payments = [.. order.Payments.Select(payment => payment with { Amount = Sum(payment.Amount) })],
        };

        // Before the conversion: the shop rounded in its own currency.
        decimal Unit(decimal amount) => decimal.Round(amount / rate, 8, MidpointRounding.AwayFromZero);

        decimal? UnitOrNull(decimal? amount) => amount is { } given ? Unit(given) : null;

        decimal Sum(decimal amount) => Money.Round(amount / rate);

        InvoicedCharge? Charge(InvoicedCharge? charge) =>
            charge is null ? null : charge with { Net = Unit(charge.Net), Gross = UnitOrNull(charge.Gross) };
    }
}
