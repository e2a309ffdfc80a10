using FluentValidation;

namespace ECommerce.Features.Sales.Documents;

/// <summary>
/// What a client writes of an order and of a quote alike. Totals are computed here; discounts and shipping are gross.
/// </summary>
internal interface ISalesDraft
{
    long CustomerId { get; }

    long? AddressDeliveryId { get; }

    long? AddressInvoiceId { get; }

    int? CarrierId { get; }

    int? LangId { get; }

    string? Payment { get; }

    decimal TotalDiscounts { get; }

    decimal TotalShipping { get; }

    /// <summary>The VAT of the shipping in percent; null: the ordinary rate.</summary>
    decimal? CarrierTaxRate { get; }

    bool IsInvoiceRequested { get; }

    string? Notes { get; }

    int? AssignedTo { get; }

    IReadOnlyList<OrderLineDraft> Lines { get; }
}

internal sealed class SalesDraftValidator : AbstractValidator<ISalesDraft>
{
    private const int MaxLines = 200;

    public SalesDraftValidator()
    {
        RuleFor(draft => draft.CustomerId).GreaterThan(0);
        RuleFor(draft => draft.Payment).MaximumLength(255).PlainText();
        RuleFor(draft => draft.TotalDiscounts).Amount();
        RuleFor(draft => draft.TotalShipping).Amount();
        RuleFor(draft => draft.CarrierTaxRate).InclusiveBetween(0, 100);
        RuleFor(draft => draft.Notes).MaximumLength(4000).Lines();
        RuleFor(draft => draft.Lines).NotEmpty().Must(static lines => lines is null || lines.Count <= MaxLines)
            .WithMessage($"At most {MaxLines} lines are allowed.");
        RuleForEach(draft => draft.Lines).NotNull().SetValidator(new OrderLineDraftValidator());
    }
}
