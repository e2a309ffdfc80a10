using FluentValidation;

namespace ECommerce.Features.Orders.Drafts;

/// <summary>
/// All fields of an order that a client writes, for creating and for replacing one. Totals are ours to
/// compute; discounts and shipping are gross amounts.
/// </summary>
public sealed record OrderDraft(
    long CustomerId, long? AddressDeliveryId, long? AddressInvoiceId, int? CarrierId, int? LangId, string? Reference,
    string? Payment,
    decimal TotalDiscounts, decimal TotalShipping, decimal? CarrierTaxRate, bool IsPaid, bool IsInvoiceRequested,
    string? Notes, int? AssignedTo,
    IReadOnlyList<OrderLineDraft> Lines) : ISalesDraft;

internal sealed class OrderDraftValidator : AbstractValidator<OrderDraft>
{
    public OrderDraftValidator()
    {
        Include(new SalesDraftValidator());
        RuleFor(order => order.Reference).MaximumLength(32).PlainText();
    }
}

internal static class OrderDraftRow
{
    /// <summary>Fills the columns that a client gives, but for the amounts.</summary>
    public static void WriteTo(this OrderDraft draft, Order order)
    {
        order.FillFrom(draft);
        order.Reference = draft.Reference ?? order.Reference;
        order.IsPaid = draft.IsPaid;
    }
}
