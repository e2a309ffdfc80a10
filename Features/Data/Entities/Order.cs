namespace ECommerce.Features.Data.Entities;

/// <summary>An order; its row version covers its lines.</summary>
internal sealed class Order : Entity<long>
{
    public long CustomerId { get; set; }

    public long? AddressDeliveryId { get; set; }

    public long? AddressInvoiceId { get; set; }

    public int? CarrierId { get; set; }

    public int? LangId { get; set; }

    public int StateId { get; set; }

    public bool StatePending { get; set; }

    public string Reference { get; set; } = "";

    public string? Payment { get; set; }

    public decimal CarrierTaxRate { get; set; }

    public decimal TotalProducts { get; set; }

    public decimal TotalProductsWt { get; set; }

    public decimal TotalDiscounts { get; set; }

    public decimal TotalDiscountsTaxExcl { get; set; }

    public decimal TotalShipping { get; set; }

    public decimal TotalShippingTaxExcl { get; set; }

    public decimal TotalPaid { get; set; }

    public decimal TotalPaidTaxExcl { get; set; }

    public bool IsPaid { get; set; }

    public bool IsInvoiceRequested { get; set; }

    public string? Notes { get; set; }

    public int? AssignedTo { get; set; }

    public int? CreatedBy { get; set; }

    public DateTime? ProcessedAt { get; set; }

    public DateTime DateAdd { get; set; }

    public DateTime DateUpd { get; set; }

    public OrderState State { get; set; } = null!;

    public Customer Customer { get; set; } = null!;

    public Address? AddressDelivery { get; set; }

    public Address? AddressInvoice { get; set; }

    public List<OrderLine> Lines { get; } = [];

    public List<OrderStateChange> History { get; } = [];
}
