using FluentValidation;

namespace ECommerce.Features.Orders;

/// <summary>
/// What a client says about an order: all of it, when it creates one and when it changes one. Totals are ours to compute; discounts and
/// shipping are gross amounts.
/// </summary>
public sealed record OrderDraft(
    long CustomerId, long? AddressDeliveryId, long? AddressInvoiceId, int? CarrierId, int? LangId, string? Reference, string? Payment,
    decimal TotalDiscounts, decimal TotalShipping, decimal? CarrierTaxRate, bool IsPaid, bool IsInvoiceRequested, string? Notes, int? AssignedTo,
    IReadOnlyList<OrderLineDraft> Lines);

/// <summary>
/// A line of a product takes from the product what it does not say itself; one without a product needs a name and a price.
/// </summary>
public sealed record OrderLineDraft(
    long? ProductId, string? ProductName, string? ProductReference, int ProductQuantity, decimal? UnitPriceTaxExcl, decimal? VatRate, decimal ReductionPercent);

internal sealed class OrderDraftValidator : AbstractValidator<OrderDraft>
{
    private const int MostLines = 200;

    public OrderDraftValidator()
    {
        RuleFor(order => order.CustomerId).GreaterThan(0);
        RuleFor(order => order.Reference).MaximumLength(32);
        RuleFor(order => order.Payment).MaximumLength(255);
        RuleFor(order => order.TotalDiscounts).Amount();
        RuleFor(order => order.TotalShipping).Amount();
        RuleFor(order => order.CarrierTaxRate).InclusiveBetween(0, 100);
        RuleFor(order => order.Notes).MaximumLength(4000);
        RuleFor(order => order.Lines).NotEmpty().Must(static lines => lines is null || lines.Count <= MostLines)
            .WithMessage($"An order has at most {MostLines} lines.");
        RuleForEach(order => order.Lines).NotNull().SetValidator(new OrderLineDraftValidator());
    }
}

internal sealed class OrderLineDraftValidator : AbstractValidator<OrderLineDraft>
{
    public OrderLineDraftValidator()
    {
        RuleFor(line => line.ProductName).MaximumLength(255);
        RuleFor(line => line.ProductName).NotEmpty().When(line => line.ProductId is null);
        RuleFor(line => line.ProductReference).MaximumLength(64);
        RuleFor(line => line.ProductQuantity).InclusiveBetween(1, 100_000);
        RuleFor(line => line.UnitPriceTaxExcl).Amount();
        RuleFor(line => line.UnitPriceTaxExcl).NotNull().When(line => line.ProductId is null);
        RuleFor(line => line.VatRate).InclusiveBetween(0, 100);
        RuleFor(line => line.ReductionPercent).InclusiveBetween(0, 100);
    }
}
