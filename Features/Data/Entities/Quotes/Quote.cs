namespace ECommerce.Features.Data.Entities.Quotes;

/// <summary>An offer to a customer; its row version covers its lines. It becomes an order once at most.</summary>
internal sealed class Quote : TenantRow<long>, IVersionedRow, IDeletableRow, ISalesDocument
{
    public long RowVersion { get; set; } = 1;

    public DateTime? DeletedAt { get; set; }

    public int Year { get; set; }

    /// <summary>Consecutive in the year of the tenant.</summary>
    public int Number { get; set; }

    /// <summary>Number and year as a customer sees them: <c>15/2026</c>.</summary>
    public string Reference { get; set; } = "";

    /// <summary>The day of <see cref="DateAdd"/> in the zone of the shop.</summary>
    public DateOnly LocalDate { get; set; }

    /// <summary>The last day on which the offer is good; null for no end.</summary>
    public DateOnly? ValidUntil { get; set; }

    public long CustomerId { get; set; }

    public long? AddressDeliveryId { get; set; }

    public long? AddressInvoiceId { get; set; }

    public int? CarrierId { get; set; }

    public int? LangId { get; set; }

    public string? Payment { get; set; }

    public string Currency { get; set; } = CurrencyCodes.Default;

    public decimal CarrierTaxRate { get; set; }

    public decimal TotalProducts { get; set; }

    public decimal TotalProductsWt { get; set; }

    public decimal TotalDiscounts { get; set; }

    public decimal TotalDiscountsTaxExcl { get; set; }

    public decimal TotalShipping { get; set; }

    public decimal TotalShippingTaxExcl { get; set; }

    public decimal TotalPaid { get; set; }

    public decimal TotalPaidTaxExcl { get; set; }

    public bool IsInvoiceRequested { get; set; }

    public string? Notes { get; set; }

    public int? AssignedTo { get; set; }

    public int? CreatedBy { get; set; }

    /// <summary>The order that the quote became; null as long as it is open.</summary>
    public long? OrderId { get; set; }

    public DateTime? ConvertedAt { get; set; }

    public int? ConvertedBy { get; set; }

    public DateTime DateAdd { get; set; }

    public DateTime DateUpd { get; set; }

    public Customer Customer { get; set; } = null!;

    public Address? AddressDelivery { get; set; }

    public Address? AddressInvoice { get; set; }

    public List<QuoteLine> Lines { get; } = [];
}
