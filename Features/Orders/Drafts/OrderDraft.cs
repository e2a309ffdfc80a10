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
    IReadOnlyList<OrderLineDraft> Lines);

internal sealed class OrderDraftValidator : AbstractValidator<OrderDraft>
{
    private const int MaxLines = 200;

    public OrderDraftValidator()
    {
        RuleFor(order => order.CustomerId).GreaterThan(0);
        RuleFor(order => order.Reference).MaximumLength(32).PlainText();
        RuleFor(order => order.Payment).MaximumLength(255).PlainText();
        RuleFor(order => order.TotalDiscounts).Amount();
        RuleFor(order => order.TotalShipping).Amount();
        RuleFor(order => order.CarrierTaxRate).InclusiveBetween(0, 100);
        RuleFor(order => order.Notes).MaximumLength(4000).Lines();
        RuleFor(order => order.Lines).NotEmpty().Must(static lines => lines is null || lines.Count <= MaxLines)
            .WithMessage($"An order has at most {MaxLines} lines.");
        RuleForEach(order => order.Lines).NotNull().SetValidator(new OrderLineDraftValidator());
    }
}

internal static class OrderDraftRow
{
    /// <summary>Fills the columns that a client gives, but for the amounts.</summary>
    public static void WriteTo(this OrderDraft draft, Order order)
    {
        order.CustomerId = draft.CustomerId;
        order.AddressDeliveryId = draft.AddressDeliveryId;
        order.AddressInvoiceId = draft.AddressInvoiceId;
        order.CarrierId = draft.CarrierId;
        order.LangId = draft.LangId;
        order.Reference = draft.Reference ?? order.Reference;
        order.Payment = draft.Payment;
        order.IsPaid = draft.IsPaid;
        order.IsInvoiceRequested = draft.IsInvoiceRequested;
        order.Notes = draft.Notes;
        order.AssignedTo = draft.AssignedTo;
    }

    /// <summary>The amounts of an order that was made here.</summary>
    public static void WriteAmounts(this Order order, OrderDraft draft, OrderTotals totals)
    {
        order.CarrierTaxRate = Percentage.Round(draft.CarrierTaxRate ?? ItalianVat.OrdinaryRate);
        order.TotalProducts = totals.TotalProducts;
        order.TotalProductsWt = totals.TotalProductsWt;
        order.TotalDiscounts = totals.TotalDiscounts;
        order.TotalDiscountsTaxExcl = totals.TotalDiscountsTaxExcl;
        order.TotalShipping = totals.TotalShipping;
        order.TotalShippingTaxExcl = totals.TotalShippingTaxExcl;
        order.TotalPaid = totals.TotalPaid;
        order.TotalPaidTaxExcl = totals.TotalPaidTaxExcl;
    }
}
