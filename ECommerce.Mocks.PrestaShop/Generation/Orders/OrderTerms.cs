namespace ECommerce.Mocks.PrestaShop.Generation.Orders;

/// <summary>A currency of the shop; <paramref name="Rate"/> of it are worth one euro.</summary>
internal sealed record ShopCurrency(int Id, string Code, int Number, string Name, decimal Rate, int Digits = 2)
{
    public static IReadOnlyList<ShopCurrency> All { get; } =
    [
        new(1, "EUR", 978, "Euro", 1m), new(2, "USD", 840, "Dollaro statunitense", 1.0853m),
        new(3, "CHF", 756, "Franco svizzero", 0.9412m),
        // No generated order is in it: tests give it to some.
        new(4, "KWD", 414, "Dinaro kuwaitiano", 0.3342m, Digits: 3),
    ];
}

/// <summary>The currency of an order and its rule of rounding. Most are in euros, rounded half up by line.</summary>
internal sealed record OrderTerms(ShopCurrency Currency, ShopRounding Rounding)
{
    private static readonly RoundType[] Types =
        [RoundType.Line, RoundType.Line, RoundType.Line, RoundType.Item, RoundType.Total];

    private static readonly int[] Modes = [2, 2, 2, 2, 0, 1, 3, 4, 5];

    public static OrderTerms Pick(Rng rng) => new(
        ShopCurrency.All[rng.Pick([0, 0, 0, 0, 0, 0, 1, 2])], new ShopRounding(rng.Pick(Types), rng.Pick(Modes)));

    /// <summary>A price in euros, in millionths of the order's currency.</summary>
    public long Convert(decimal euros) => ShopRounding.FromDecimal(euros * Currency.Rate);
}
