using FluentValidation;

namespace ECommerce.Features.Sales;

/// <summary>
/// A line of a product takes missing values from the product; a line without a product needs a name and a price.
/// </summary>
public sealed record OrderLineDraft(
    long? ProductId, string? ProductName, string? ProductReference, int ProductQuantity, decimal? UnitPriceTaxExcl,
    decimal? VatRate, decimal ReductionPercent);

internal sealed class OrderLineDraftValidator : AbstractValidator<OrderLineDraft>
{
    public OrderLineDraftValidator()
    {
        RuleFor(line => line.ProductName).MaximumLength(255).PlainText();
        RuleFor(line => line.ProductName).NotEmpty().When(line => line.ProductId is null);
        RuleFor(line => line.ProductReference).MaximumLength(64).PlainText();
        RuleFor(line => line.ProductQuantity).InclusiveBetween(1, 100_000);
        RuleFor(line => line.UnitPriceTaxExcl).UnitPrice();
        RuleFor(line => line.UnitPriceTaxExcl).NotNull().When(line => line.ProductId is null);
        RuleFor(line => line.VatRate).InclusiveBetween(0, 100);
        RuleFor(line => line.ReductionPercent).InclusiveBetween(0, 100);
    }
}
