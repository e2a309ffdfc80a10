using FluentValidation;

namespace ECommerce.Features.Invoices.Issuing;

/// <summary>
/// What is taken back. Without lines, shipping and wrapping it is all that is left of the invoice.
/// </summary>
/// <param name="Lines">Pieces of lines of the order.</param>
/// <param name="Shipping">Gross, in euro.</param>
/// <param name="Wrapping">Gross, in euro.</param>
/// <param name="Reason">For the customer, on the credit note.</param>
public sealed record CreditNoteDraft(
    IReadOnlyList<CreditedLineDraft>? Lines, decimal? Shipping, decimal? Wrapping, string? Reason);

/// <summary>Pieces of a line that are taken back.</summary>
/// <param name="OrderLineId">The line, as the order had it when it was invoiced.</param>
/// <param name="Quantity">How many pieces.</param>
public sealed record CreditedLineDraft(long OrderLineId, int Quantity);

internal sealed class CreditNoteDraftValidator : AbstractValidator<CreditNoteDraft>
{
    private const int MaxLines = 500;

    public CreditNoteDraftValidator()
    {
        RuleFor(draft => draft.Lines).Must(static lines => lines is null || lines.Count <= MaxLines)
            .WithMessage($"At most {MaxLines} lines.");
        RuleFor(draft => draft.Lines)
            .Must(static lines => lines is null || lines.DistinctBy(Id).Count() == lines.Count)
            .WithMessage("Each line once.");
        RuleForEach(draft => draft.Lines).NotNull().ChildRules(static line =>
            line.RuleFor(part => part.Quantity).InclusiveBetween(1, 1_000_000));
        RuleFor(draft => draft.Shipping).Must(IsAmount).WithMessage(Amount);
        RuleFor(draft => draft.Wrapping).Must(IsAmount).WithMessage(Amount);
        RuleFor(draft => draft.Reason).MaximumLength(400).PlainText();
    }

    private const string Amount = "An amount in euro from 0, with at most two decimals.";

    private static long Id(CreditedLineDraft? line) => line?.OrderLineId ?? 0;

    private static bool IsAmount(decimal? amount) =>
        amount is not { } value || (value is >= 0 and <= 100_000_000 && Money.Round(value) == value);
}
