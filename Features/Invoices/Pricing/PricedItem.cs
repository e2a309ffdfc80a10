namespace ECommerce.Features.Invoices.Pricing;

/// <summary>What a line of an invoice is for.</summary>
internal enum ItemKind
{
    Goods,
    Shipping,
    Wrapping,
    Voucher,
    ForeignVat,
    StampDuty,
}

/// <summary>How something is taxed: on the invoice, and in the shop's prices.</summary>
/// <param name="VatRate">As it is written, in percent.</param>
/// <param name="Nature">Why there is no VAT; null with a rate.</param>
/// <param name="ShopRate">
/// What the shop's gross prices contain: another one for a flat-rate seller and for VAT of other EU states.
/// </param>
internal sealed record Taxation(decimal VatRate, string? Nature, decimal ShopRate);

/// <summary>A line of an invoice before it is numbered.</summary>
/// <param name="NetOfShop">From the shop's net price, eight decimals.</param>
/// <param name="NetOfGross">From what is paid, eight decimals.</param>
/// <param name="Gross">What is paid for it, with the shop's VAT.</param>
/// <param name="Kind">What the line is for.</param>
/// <param name="Description">As the shop has it.</param>
/// <param name="Quantity">How many pieces.</param>
/// <param name="Tax">How it is taxed.</param>
internal sealed record PricedItem(
    ItemKind Kind, string Description, decimal Quantity, Taxation Tax, decimal NetOfShop, decimal NetOfGross,
    decimal Gross)
{
    /// <summary>The line of the order that it is, or that a voucher makes free.</summary>
    public long? Line { get; init; }

    /// <summary>What a voucher lowers.</summary>
    public ItemKind Lowers { get; init; } = ItemKind.Goods;

    public string? Reference { get; init; }

    public string? Ean { get; init; }

    public decimal Net(PriceBasis basis) => basis == PriceBasis.Net ? NetOfShop : NetOfGross;

    /// <summary>A part of it, as a share of its amounts.</summary>
    public PricedItem Scaled(decimal factor) => this with
    {
        NetOfShop = LineAmounts.Exact(NetOfShop * factor),
        NetOfGross = LineAmounts.Exact(NetOfGross * factor),
        Gross = Gross * factor,
    };

    /// <summary>Another gross amount: both net amounts follow from it.</summary>
    public PricedItem WithGross(decimal gross)
    {
        var net = LineAmounts.Exact(LineAmounts.WithoutVat(gross, Tax.ShopRate));
        return this with { NetOfShop = net, NetOfGross = net, Gross = gross };
    }

    public static PricedItem FromGross(
        ItemKind kind, string description, decimal quantity, Taxation tax, decimal gross) =>
        new PricedItem(kind, description, quantity, tax, 0, 0, 0).WithGross(gross);
}

/// <summary>Which of the shop's prices an invoice follows: a shop computes one of them from the other.</summary>
internal enum PriceBasis
{
    Net,
    Gross,
}
