namespace ECommerce.Features.Sales.Documents;

/// <summary>How drafts become rows, and rows of one kind those of another.</summary>
internal static class SalesDocuments
{
    /// <summary>The amounts of a draft with these lines.</summary>
    public static OrderTotals Totals(this ISalesDraft draft, IReadOnlyCollection<PricedLine> lines) =>
        OrderTotals.Calculate(
            lines, draft.TotalDiscounts, draft.TotalShipping, draft.CarrierTaxRate ?? ItalianVat.OrdinaryRate);

    /// <summary>Fills the shared columns that a client gives, but for the amounts.</summary>
    public static void FillFrom(this ISalesDocument document, ISalesDraft draft)
    {
        document.CustomerId = draft.CustomerId;
        document.AddressDeliveryId = draft.AddressDeliveryId;
        document.AddressInvoiceId = draft.AddressInvoiceId;
        document.CarrierId = draft.CarrierId;
        document.LangId = draft.LangId;
        document.Payment = draft.Payment;
        document.IsInvoiceRequested = draft.IsInvoiceRequested;
        document.Notes = draft.Notes;
        document.AssignedTo = draft.AssignedTo;
    }

    /// <summary>Fills the amounts of a document that was made here.</summary>
    public static void FillAmounts(this ISalesDocument document, ISalesDraft draft, OrderTotals totals)
    {
        document.CarrierTaxRate = Percentage.Round(draft.CarrierTaxRate ?? ItalianVat.OrdinaryRate);
        document.TotalProducts = totals.TotalProducts;
        document.TotalProductsWt = totals.TotalProductsWt;
        document.TotalDiscounts = totals.TotalDiscounts;
        document.TotalDiscountsTaxExcl = totals.TotalDiscountsTaxExcl;
        document.TotalShipping = totals.TotalShipping;
        document.TotalShippingTaxExcl = totals.TotalShippingTaxExcl;
        document.TotalPaid = totals.TotalPaid;
        document.TotalPaidTaxExcl = totals.TotalPaidTaxExcl;
    }

    /// <summary>Copies the shared columns: amounts stay as they were agreed, and nothing is computed again.</summary>
    public static void CopyFrom(this ISalesDocument document, ISalesDocument other)
    {
        document.CustomerId = other.CustomerId;
        document.AddressDeliveryId = other.AddressDeliveryId;
        document.AddressInvoiceId = other.AddressInvoiceId;
        document.CarrierId = other.CarrierId;
        document.LangId = other.LangId;
        document.Payment = other.Payment;
        document.Currency = other.Currency;
        document.CarrierTaxRate = other.CarrierTaxRate;
        document.TotalProducts = other.TotalProducts;
        document.TotalProductsWt = other.TotalProductsWt;
        document.TotalDiscounts = other.TotalDiscounts;
        document.TotalDiscountsTaxExcl = other.TotalDiscountsTaxExcl;
        document.TotalShipping = other.TotalShipping;
        document.TotalShippingTaxExcl = other.TotalShippingTaxExcl;
        document.TotalPaid = other.TotalPaid;
        document.TotalPaidTaxExcl = other.TotalPaidTaxExcl;
        document.IsInvoiceRequested = other.IsInvoiceRequested;
        document.Notes = other.Notes;
        document.AssignedTo = other.AssignedTo;
    }
}
