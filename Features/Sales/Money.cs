namespace ECommerce.Features.Sales;

/// <summary>Amounts have two digits; halves round away from zero, as the Italian tax office has it.</summary>
internal static class Money
{
    public static decimal Round(decimal amount) => Math.Round(amount, 2, MidpointRounding.AwayFromZero);

    public static decimal WithVat(decimal net, decimal rate) => Round(net * (1 + rate / 100));

    public static decimal WithoutVat(decimal gross, decimal rate) => Round(gross / (1 + rate / 100));
}

/// <summary>Prices of one piece have six digits: only sums are rounded to two.</summary>
internal static class UnitPrice
{
    public static decimal Round(decimal price) => Math.Round(price, 6, MidpointRounding.AwayFromZero);

    public static decimal WithVat(decimal net, decimal rate) => Round(net * (1 + rate / 100));
}
