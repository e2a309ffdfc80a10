namespace ECommerce.Features.Invoices.Documents;

/// <summary>DettaglioLinee.</summary>
/// <param name="UnitPrice">Without VAT, up to eight decimals, negative for a discount.</param>
/// <param name="Total">Quantity times the reduced unit price, up to eight decimals.</param>
/// <param name="VatRate">In percent.</param>
/// <param name="Number">Unique and increasing.</param>
/// <param name="Description">At most 1,000 characters.</param>
/// <param name="Quantity">Null counts as 1.</param>
internal sealed record DocumentLine(
    int Number, string Description, decimal? Quantity, decimal UnitPrice, decimal Total, decimal VatRate)
{
    public string? Unit { get; init; }

    /// <summary>Why there is no VAT: only and always with rate 0.</summary>
    public string? Nature { get; init; }

    public IReadOnlyList<ItemCode> Codes { get; init; } = [];

    /// <summary>In the order in which they change the unit price.</summary>
    public IReadOnlyList<PriceChange> Changes { get; init; } = [];

    public IReadOnlyList<ManagementData> Data { get; init; } = [];
}

/// <summary>CodiceArticolo.</summary>
internal sealed record ItemCode(string Kind, string Value);

/// <summary>ScontoMaggiorazione of a line: the amount is for one piece and counts where both are given.</summary>
internal sealed record PriceChange(bool IsSurcharge, decimal? Percentage, decimal? Amount);

/// <summary>AltriDatiGestionali.</summary>
internal sealed record ManagementData(string Kind, string? Text, decimal? Number);

/// <summary>DatiRiepilogo: what the document comes to at one rate and nature.</summary>
internal sealed record VatSummary(decimal VatRate, string? Nature, decimal Taxable, decimal Tax)
{
    /// <summary>I: due at once, D: deferred, S: paid by the buyer; null: not stated.</summary>
    public string? Collection { get; init; }

    /// <summary>The law behind <see cref="Nature"/>.</summary>
    public string? Law { get; init; }
}

/// <summary>DatiPagamento.</summary>
/// <param name="Terms">TP01 instalments, TP02 complete, TP03 advance.</param>
/// <param name="Details">One for each payment.</param>
internal sealed record PaymentTerms(string Terms, IReadOnlyList<PaymentDetail> Details)
{
    public const string Instalments = "TP01";
    public const string Complete = "TP02";
}

/// <summary>DettaglioPagamento.</summary>
/// <param name="Method">MP01 to MP23.</param>
/// <param name="Amount">In euro.</param>
internal sealed record PaymentDetail(string Method, decimal Amount)
{
    public DateOnly? DueDate { get; init; }

    public string? Iban { get; init; }
}
