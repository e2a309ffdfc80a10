using ECommerce.Features.Data.Entities;
using FluentValidation;

namespace ECommerce.Features.Lookups.Drafts;

/// <summary>
/// All fields of a language that a client writes. IsoCode: ISO 639-1; Locale: as <c>it-IT</c>. Active by default.
/// </summary>
public sealed record LangDraft(string Name, string IsoCode, string? Locale, bool? Active)
{
    internal void WriteTo(Lang lang)
    {
        lang.Name = Name;
        lang.IsoCode = IsoCode;
        lang.Locale = Locale;
        lang.Active = Active ?? true;
    }
}

internal sealed class LangDraftValidator : AbstractValidator<LangDraft>
{
    public LangDraftValidator()
    {
        RuleFor(lang => lang.Name).NotEmpty().MaximumLength(64).PlainText();
        RuleFor(lang => lang.IsoCode).NotNull().Matches(@"^[a-z]{2}\z").WithMessage("must be two small letters.");
        RuleFor(lang => lang.Locale).Matches(@"^[a-z]{2}-[A-Z]{2}\z").WithMessage("must be a locale such as it-IT.");
    }
}
