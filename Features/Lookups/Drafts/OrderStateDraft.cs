using ECommerce.Features.Data.Entities;
using FluentValidation;

namespace ECommerce.Features.Lookups.Drafts;

/// <summary>
/// All fields of an order state that a client writes. Logable: orders in the state are sales; delivery: the goods are
/// being prepared or have left. Flags are applied to orders when they enter the state.
/// </summary>
public sealed record OrderStateDraft(
    string Name, string? Color, bool Paid, bool Shipped, bool Invoice, bool Logable, bool Delivery)
{
    internal void WriteTo(OrderState state)
    {
        state.Name = Name;
        state.Color = Color;
        state.Paid = Paid;
        state.Shipped = Shipped;
        state.Invoice = Invoice;
        state.Logable = Logable;
        state.Delivery = Delivery;
    }
}

internal sealed class OrderStateDraftValidator : AbstractValidator<OrderStateDraft>
{
    public OrderStateDraftValidator()
    {
        RuleFor(state => state.Name).NotEmpty().MaximumLength(128).PlainText();
        RuleFor(state => state.Color).Matches(@"^#[0-9A-Fa-f]{6}\z").WithMessage("must be a colour such as #3498D8.");
    }
}
