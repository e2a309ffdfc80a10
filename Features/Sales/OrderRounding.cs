namespace ECommerce.Features.Sales;

/// <summary>
/// How an order of a shop was rounded, which belongs to the order: the shop's settings of today may be others.
/// </summary>
/// <param name="Type">1 each piece, 2 each line, 3 the total only.</param>
/// <param name="Mode">0 up, 1 down, 2 half up, 3 half down, 4 half to even, 5 half to odd.</param>
/// <param name="Digits">Of the currency: 2 or 3.</param>
internal readonly record struct OrderRounding(int Type, int Mode, int Digits = 2)
{
    public const int Item = 1;
    public const int Line = 2;
    public const int Total = 3;

    private decimal Unit => Digits == 3 ? 1000 : 100;

    /// <summary>An amount with the digits of its currency.</summary>
    public decimal Round(decimal amount) => Mode switch
    {
        0 => decimal.Ceiling(amount * Unit) / Unit,
        1 => decimal.Floor(amount * Unit) / Unit,
        3 => Math.Sign(amount) * decimal.Ceiling((Math.Abs(amount) * Unit) - 0.5m) / Unit,
        4 => decimal.Round(amount, Digits, MidpointRounding.ToEven),
        5 => HalfToOdd(amount),
        _ => decimal.Round(amount, Digits, MidpointRounding.AwayFromZero),
    };

    /// <summary>The amount of a line; unrounded where only the total is.</summary>
    public decimal LineTotal(decimal unit, int quantity) => Type switch
    {
        Item => Round(unit) * quantity,
        Total => unit * quantity,
        _ => Round(unit * quantity),
    };

    /// <summary>What lines add up to.</summary>
    public decimal Sum(IEnumerable<decimal> lines) => Type == Total ? Round(lines.Sum()) : lines.Sum();

    private decimal HalfToOdd(decimal amount)
    {
        var (cents, down) = (amount * Unit, decimal.Floor(amount * Unit));
        if (cents - down != 0.5m)
            return decimal.Round(amount, Digits, MidpointRounding.ToEven);
        return (down % 2 == 0 ? down + 1 : down) / Unit;
    }
}
