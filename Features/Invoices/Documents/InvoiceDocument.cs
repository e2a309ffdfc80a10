namespace ECommerce.Features.Invoices.Documents;

/// <summary>An electronic invoice or credit note, FPR12, with the elements that are written and read here.</summary>
internal sealed record InvoiceDocument(
    Transmission Transmission, SellerParty Seller, BuyerParty Buyer, DocumentData General,
    IReadOnlyList<DocumentLine> Lines, IReadOnlyList<VatSummary> Summaries)
{
    public IReadOnlyList<PaymentTerms> Payments { get; init; } = [];
}

/// <summary>DatiTrasmissione.</summary>
/// <param name="Progressive">ProgressivoInvio, at most ten characters.</param>
/// <param name="RecipientCode">Six or seven capital letters and digits.</param>
/// <param name="Sender">Who sends the file.</param>
internal sealed record Transmission(TaxNumber Sender, string Progressive, string RecipientCode)
{
    public const string PrivateFormat = "FPR12";

    public string Format { get; init; } = PrivateFormat;

    public string? Pec { get; init; }
}

/// <summary>DatiGeneraliDocumento, and the documents that it refers to.</summary>
internal sealed record DocumentData(string Kind, string Currency, DateOnly Date, string Number)
{
    public const string Invoice = "TD01";
    public const string CreditNote = "TD04";

    /// <summary>Stamp duty was paid; null: none is due.</summary>
    public decimal? StampDuty { get; init; }

    /// <summary>The sum of the summaries, with <see cref="Rounding"/>.</summary>
    public decimal? Total { get; init; }

    /// <summary>What the sum of the summaries is away from what is paid; null: nothing.</summary>
    public decimal? Rounding { get; init; }

    /// <summary>Causale.</summary>
    public IReadOnlyList<string> Reasons { get; init; } = [];

    /// <summary>DatiOrdineAcquisto.</summary>
    public IReadOnlyList<DocumentReference> Orders { get; init; } = [];

    /// <summary>DatiFattureCollegate.</summary>
    public IReadOnlyList<DocumentReference> Invoices { get; init; } = [];
}

/// <summary>A document by its number.</summary>
internal sealed record DocumentReference(string Number, DateOnly? Date);
