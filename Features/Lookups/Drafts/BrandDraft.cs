using ECommerce.Features.Data.Entities;
using FluentValidation;

namespace ECommerce.Features.Lookups.Drafts;

/// <summary>All fields of a brand that a client writes. Active by default.</summary>
public sealed record BrandDraft(string Name, bool? Active)
{
    internal void WriteTo(Brand brand)
    {
        brand.Name = Name;
        brand.Active = Active ?? true;
    }
}

internal sealed class BrandDraftValidator : AbstractValidator<BrandDraft>
{
    public BrandDraftValidator() => RuleFor(brand => brand.Name).NotEmpty().MaximumLength(128).PlainText();
}
