using ECommerce.Features.Data.Entities.Invoices;

namespace ECommerce.Features.Data.Entities.Orders;

/// <summary>
/// An order; its row version covers its lines, discounts, payments and refunds. The amounts of an order of a shop are
/// the shop's own, in the order's currency, and are never computed here.
/// </summary>
internal sealed class Order : Entity<long>, ISalesDocument
{
    public long CustomerId { get; set; }

    public long? AddressDeliveryId { get; set; }

    public long? AddressInvoiceId { get; set; }

    public int? CarrierId { get; set; }

    public int? LangId { get; set; }

    public int StateId { get; set; }

    /// <summary>The state was set here and the shop has not taken it yet: a sync leaves it as it is.</summary>
    public bool StatePending { get; set; }

    /// <summary>The push of the state; null for none, or when it was cancelled.</summary>
    public long? StatePushId { get; set; }

    /// <summary>When the shop took a state that was set here, by its clock: older reads of it are void.</summary>
    public DateTime? StatePushedAt { get; set; }

    public string Reference { get; set; } = "";

    /// <summary>The shop of a multishop installation, by its id there.</summary>
    public int? OriginShopId { get; set; }

    public string? Payment { get; set; }

    /// <summary>The shop's payment module.</summary>
    public string? Module { get; set; }

    /// <summary>ISO 4217; <c>XXX</c> where the shop does not know the currency of its order.</summary>
    public string Currency { get; set; } = CurrencyCodes.Default;

    /// <summary>An amount in the shop's default currency is the amount divided by this.</summary>
    public decimal ConversionRate { get; set; } = 1;

    public decimal CarrierTaxRate { get; set; }

    public decimal TotalProducts { get; set; }

    public decimal TotalProductsWt { get; set; }

    public decimal TotalDiscounts { get; set; }

    public decimal TotalDiscountsTaxExcl { get; set; }

    public decimal TotalShipping { get; set; }

    public decimal TotalShippingTaxExcl { get; set; }

    public decimal TotalWrapping { get; set; }

    public decimal TotalWrappingTaxExcl { get; set; }

    public decimal TotalPaid { get; set; }

    public decimal TotalPaidTaxExcl { get; set; }

    /// <summary>What was paid so far, as far as the shop knows.</summary>
    public decimal TotalPaidReal { get; set; }

    /// <summary>What is rounded: 1 each piece, 2 each line, 3 the total.</summary>
    public int RoundType { get; set; } = 2;

    /// <summary>How it is rounded: 0 up, 1 down, 2 half up, 3 half down, 4 half to even, 5 half to odd.</summary>
    public int RoundMode { get; set; } = 2;

    /// <summary>Whether the order counts as a sale.</summary>
    public bool Valid { get; set; }

    public bool IsPaid { get; set; }

    public bool IsInvoiceRequested { get; set; }

    /// <summary>The customer asked for gift wrapping.</summary>
    /// <summary>The shop no longer has it; it stays for its invoice.</summary>
    public bool GoneInShop { get; set; }

    public bool Gift { get; set; }

    public string? GiftMessage { get; set; }

    public long? InvoiceNumber { get; set; }

    public DateTime? InvoiceDate { get; set; }

    public long? DeliveryNumber { get; set; }

    public DateTime? DeliveryDate { get; set; }

    /// <summary>Imported before the amounts were complete; false after the next run of the shop.</summary>
    public bool NeedsSync { get; set; }

    /// <summary>What the import found: one a line, <c>code: text</c>.</summary>
    public string? Warnings { get; set; }

    public string? Notes { get; set; }

    public int? AssignedTo { get; set; }

    public int? CreatedBy { get; set; }

    public DateTime? ProcessedAt { get; set; }

    public DateTime DateAdd { get; set; }

    public DateTime DateUpd { get; set; }

    /// <summary>The day of <see cref="DateAdd"/> in the zone of the shop.</summary>
    public DateOnly? LocalDate { get; set; }

    public OrderState State { get; set; } = null!;

    public OrderStatePush? StatePush { get; set; }

    /// <summary>Its invoice, without credit notes.</summary>
    public Invoice? Invoice { get; set; }

    public Customer Customer { get; set; } = null!;

    public Address? AddressDelivery { get; set; }

    public Address? AddressInvoice { get; set; }

    public List<OrderLine> Lines { get; } = [];

    public List<OrderDiscount> Discounts { get; } = [];

    public List<OrderPayment> Payments { get; } = [];

    public List<OrderRefund> Refunds { get; } = [];

    public List<OrderRefundLine> RefundLines { get; } = [];

    public List<OrderShipment> Shipments { get; } = [];

    public List<OrderMessage> Messages { get; } = [];

    public List<OrderStateChange> History { get; } = [];
}
