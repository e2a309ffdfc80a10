namespace ECommerce.Mocks.PrestaShop.Generation.Orders;

/// <summary>PS_ROUND_TYPE.</summary>
internal enum RoundType
{
    Item = 1,
    Line = 2,
    Total = 3,
}

/// <summary>The shop's ps_round() over millionths of the currency: whole numbers, so nothing is lost.</summary>
/// <param name="Type">What is rounded.</param>
/// <param name="Mode">PS_PRICE_ROUND_MODE: 0 up, 1 down, 2 half up, 3 half down, 4 half even, 5 half odd.</param>
internal readonly record struct ShopRounding(RoundType Type, int Mode)
{
    private const long Millionths = 1_000_000;
    private const long Cent = Millionths / 100;

    public static long FromDecimal(decimal amount) =>
        (long)Math.Round(amount * Millionths, MidpointRounding.AwayFromZero);

    public static decimal ToDecimal(long millionths) => millionths / (decimal)Millionths;

    /// <summary>To whole cents; amounts of a shop are not negative.</summary>
    public long Round(long amount)
    {
        var (cents, rest) = Math.DivRem(amount, Cent);
        var goesUp = Mode switch
        {
            0 => rest > 0,
            1 => false,
            3 => rest > Cent / 2,
            4 => rest > Cent / 2 || (rest == Cent / 2 && cents % 2 == 1),
            5 => rest > Cent / 2 || (rest == Cent / 2 && cents % 2 == 0),
            _ => rest >= Cent / 2,
        };
        return (cents + (goesUp ? 1 : 0)) * Cent;
    }

    /// <summary>The amount of a row of the order.</summary>
    public long Row(long unit, int quantity) => Type switch
    {
        RoundType.Item => Round(unit) * quantity,
        RoundType.Line => Round(unit * quantity),
        _ => unit * quantity,
    };

    /// <summary>What rows add up to.</summary>
    public long Sum(IEnumerable<long> rows) => Type == RoundType.Total ? Round(rows.Sum()) : rows.Sum();
}
