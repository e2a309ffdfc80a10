using ECommerce.Features.Invoices.Requests;

namespace ECommerce.Features.Invoices.Validation;

/// <summary>What a document is checked against, beside the rules of the SDI.</summary>
/// <param name="Today">When it is received: its date must not be later.</param>
internal sealed record SendingRules(DateOnly Today)
{
    /// <summary>Null: the name is not checked.</summary>
    public string? FileName { get; init; }

    /// <summary>Rates that exist; null: any rate.</summary>
    public IReadOnlyList<decimal>? VatRates { get; init; } = ItalianRates.All;

    /// <summary>Null: stamp duty is not checked.</summary>
    public StampDutySettings? StampDuty { get; init; } = new();
}
