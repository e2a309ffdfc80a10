namespace ECommerce.Features.Invoices.Requests;

/// <summary>An order as the shop knows it; amounts are in its currency, and gross unless they are named net.</summary>
internal sealed record InvoicedOrder(IReadOnlyList<InvoicedLine> Lines)
{
    /// <summary>The shop's reference; null: none is written.</summary>
    public string? Reference { get; init; }

    public DateOnly? Date { get; init; }

    /// <summary>ISO 4217.</summary>
    public string Currency { get; init; } = InvoiceCurrency.Euro;

    /// <summary>An amount in euro is the amount divided by this.</summary>
    public decimal ConversionRate { get; init; } = 1;

    /// <summary>How the shop rounded: see <see cref="OrderRounding"/>.</summary>
    public OrderRounding Rounding { get; init; } = new(OrderRounding.Line, 2);

    public IReadOnlyList<InvoicedVoucher> Vouchers { get; init; } = [];

    public InvoicedCharge? Shipping { get; init; }

    public InvoicedCharge? Wrapping { get; init; }

    /// <summary>What the customer had to pay, gift cards taken off; null: what the parts add up to.</summary>
    public decimal? TotalPaid { get; init; }

    /// <summary>How it is paid, where <see cref="Payments"/> do not tell it.</summary>
    public string? PaymentMethod { get; init; }

    public IReadOnlyList<InvoicedPayment> Payments { get; init; } = [];

    /// <summary>The day by which it is to be paid; null: none is written.</summary>
    public DateOnly? DueDate { get; init; }

    /// <summary>What was paid with gift cards.</summary>
    public decimal GiftCards =>
        Vouchers.Where(static voucher => voucher.IsGiftCard).Sum(static voucher => voucher.Value);
}

/// <summary>Pieces of a product, at the price after the line's own reductions.</summary>
/// <param name="Id">Tells the lines of an order apart.</param>
/// <param name="UnitNet">Of one piece, without VAT, up to eight decimals.</param>
/// <param name="UnitGross">Of one piece, with VAT; null: computed from the net price.</param>
/// <param name="VatRate">In percent.</param>
/// <param name="Description">The name of the product.</param>
/// <param name="Quantity">How many pieces.</param>
internal sealed record InvoicedLine(
    long Id, string Description, decimal Quantity, decimal UnitNet, decimal? UnitGross, decimal VatRate)
{
    public string? Reference { get; init; }

    public string? Ean { get; init; }

    /// <summary>Of the whole line, as the order has it; null: computed with the order's rounding.</summary>
    public decimal? TotalNet { get; init; }

    /// <inheritdoc cref="TotalNet"/>
    public decimal? TotalGross { get; init; }

    /// <summary>Why there is no VAT, with rate 0; null: decided by the buyer and the settings.</summary>
    public string? Nature { get; init; }
}

/// <summary>A cart rule that lowered the order.</summary>
/// <param name="Value">Positive, gross.</param>
/// <param name="Name">As the customer sees it.</param>
internal sealed record InvoicedVoucher(string Name, decimal Value)
{
    /// <summary>The part without VAT; null: unknown. It may show that the voucher concerns one rate only.</summary>
    public decimal? NetValue { get; init; }

    /// <summary>The value pays the shipping first, and then lowers the goods.</summary>
    public bool FreeShipping { get; init; }

    /// <summary>Money that was paid before: a payment, not a discount.</summary>
    public bool IsGiftCard { get; init; }

    /// <summary>The line that it makes free; null: it lowers all goods.</summary>
    public long? GiftLine { get; init; }
}

/// <summary>Shipping or wrapping.</summary>
/// <param name="Gross">With VAT; null: computed from the rate.</param>
/// <param name="VatRate">As the shop states it, which may be an average or wrong; null: unknown.</param>
/// <param name="Net">Without VAT.</param>
internal sealed record InvoicedCharge(decimal Net, decimal? Gross, decimal? VatRate);

/// <summary>Money that was received.</summary>
/// <param name="Method">The shop's name of the method, or a code such as MP08.</param>
/// <param name="Amount">In the order's currency.</param>
internal sealed record InvoicedPayment(string? Method, decimal Amount)
{
    public DateOnly? Date { get; init; }
}
