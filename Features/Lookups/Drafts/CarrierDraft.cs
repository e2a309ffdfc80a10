using ECommerce.Features.Data.Entities;
using FluentValidation;

namespace ECommerce.Features.Lookups.Drafts;

/// <summary>All fields of a carrier that a client writes. Url: where parcels are tracked. Active by default.</summary>
public sealed record CarrierDraft(string Name, string? Url, bool IsFree, bool? Active)
{
    internal void WriteTo(Carrier carrier)
    {
        carrier.Name = Name;
        carrier.Url = Url;
        carrier.IsFree = IsFree;
        carrier.Active = Active ?? true;
    }
}

internal sealed class CarrierDraftValidator : AbstractValidator<CarrierDraft>
{
    public CarrierDraftValidator()
    {
        RuleFor(carrier => carrier.Name).NotEmpty().MaximumLength(128).PlainText();
        RuleFor(carrier => carrier.Url).MaximumLength(255).Website();
    }
}
