namespace ECommerce.Features.Data.Entities.Orders;

/// <summary>The columns that orders and quotes share: whom they are for, and their amounts.</summary>
internal interface ISalesDocument
{
    long CustomerId { get; set; }

    long? AddressDeliveryId { get; set; }

    long? AddressInvoiceId { get; set; }

    int? CarrierId { get; set; }

    int? LangId { get; set; }

    string? Payment { get; set; }

    /// <summary>ISO 4217.</summary>
    string Currency { get; set; }

    decimal CarrierTaxRate { get; set; }

    decimal TotalProducts { get; set; }

    decimal TotalProductsWt { get; set; }

    decimal TotalDiscounts { get; set; }

    decimal TotalDiscountsTaxExcl { get; set; }

    decimal TotalShipping { get; set; }

    decimal TotalShippingTaxExcl { get; set; }

    decimal TotalPaid { get; set; }

    decimal TotalPaidTaxExcl { get; set; }

    bool IsInvoiceRequested { get; set; }

    string? Notes { get; set; }

    int? AssignedTo { get; set; }
}

/// <summary>The columns that lines of orders and of quotes share.</summary>
internal interface ISalesLine
{
    long? ProductId { get; set; }

    string ProductName { get; set; }

    string? ProductReference { get; set; }

    int ProductQuantity { get; set; }

    decimal UnitPriceTaxExcl { get; set; }

    decimal UnitPriceTaxIncl { get; set; }

    decimal VatRate { get; set; }

    decimal ReductionPercent { get; set; }

    decimal TotalPriceTaxExcl { get; set; }

    decimal TotalPriceTaxIncl { get; set; }
}
