using ECommerce.Features.Data.Entities;
using FluentValidation;

namespace ECommerce.Features.Lookups.Drafts;

/// <summary>All fields of a country that a client writes. IsoCode: ISO 3166-1 alpha-2. Active by default.</summary>
public sealed record CountryDraft(string Name, string IsoCode, bool? Active)
{
    internal void WriteTo(Country country)
    {
        country.Name = Name;
        country.IsoCode = IsoCode;
        country.Active = Active ?? true;
    }
}

internal sealed class CountryDraftValidator : AbstractValidator<CountryDraft>
{
    public CountryDraftValidator()
    {
        RuleFor(country => country.Name).NotEmpty().MaximumLength(128).PlainText();
        RuleFor(country => country.IsoCode).NotNull().Matches(@"^[A-Z]{2}\z")
            .WithMessage("must be two capital letters.");
    }
}
