using ECommerce.Caching.Http;

namespace ECommerce.Features.Sales;

/// <summary>An order with all that its response shows.</summary>
internal sealed record OrderDetails(
    long Id, int? ShopId, long? OriginId, long RowVersion, string Reference, long CustomerId, long? AddressDeliveryId,
    long? AddressInvoiceId,
    int? CarrierId, int? LangId, int StateId, bool StatePending, string? Payment, decimal CarrierTaxRate,
    decimal TotalProducts,
    decimal TotalProductsWt, decimal TotalDiscounts, decimal TotalDiscountsTaxExcl, decimal TotalShipping,
    decimal TotalShippingTaxExcl,
    decimal TotalPaid, decimal TotalPaidTaxExcl, bool IsPaid, bool IsInvoiceRequested, string? Notes, int? AssignedTo,
    int? CreatedBy,
    DateTime? ProcessedAt, DateTime DateAdd, DateTime DateUpd) : IVersioned
{
    /// <summary>ISO 4217: all amounts of the order are in it.</summary>
    public string Currency { get; init; } = "";

    /// <summary>An amount in the shop's default currency is the amount divided by this.</summary>
    public decimal ConversionRate { get; init; }

    public decimal TotalWrapping { get; init; }

    public decimal TotalWrappingTaxExcl { get; init; }

    /// <summary>What was paid so far, as far as the shop knows.</summary>
    public decimal TotalPaidReal { get; init; }

    /// <summary>What is rounded: 1 each piece, 2 each line, 3 the total.</summary>
    public int RoundType { get; init; }

    /// <summary>0 up, 1 down, 2 half up, 3 half down, 4 half to even, 5 half to odd.</summary>
    public int RoundMode { get; init; }

    /// <summary>Whether the order counts as a sale.</summary>
    public bool Valid { get; init; }

    /// <summary>The shop no longer has it; it stays for its invoice.</summary>
    public bool GoneInShop { get; init; }

    /// <summary>The customer asked for gift wrapping.</summary>
    public bool Gift { get; init; }

    public string? GiftMessage { get; init; }

    public int? OriginShopId { get; init; }

    public string? Module { get; init; }

    public long? InvoiceNumber { get; init; }

    public DateTime? InvoiceDate { get; init; }

    public long? DeliveryNumber { get; init; }

    public DateTime? DeliveryDate { get; init; }

    /// <summary>The day of <c>date_add</c> in the zone of the shop.</summary>
    public DateOnly? LocalDate { get; init; }

    /// <summary>The amounts were imported before they were complete: the next run of the shop corrects them.</summary>
    public bool NeedsSync { get; init; }

    /// <summary>What the import found odd about the order.</summary>
    public IReadOnlyList<OrderWarning> Warnings { get; init; } = [];

    public CurrentState? State { get; init; }

    /// <summary>The push of the state to the order's shop; null where none was made, or it was cancelled.</summary>
    public StatePushDetails? StatePush { get; init; }

    public OrderCustomer? Customer { get; init; }

    public OrderAddress? AddressDelivery { get; init; }

    public OrderAddress? AddressInvoice { get; init; }

    public IReadOnlyList<OrderLineDetails> Lines { get; init; } = [];

    public IReadOnlyList<OrderDiscountDetails> Discounts { get; init; } = [];
}

internal sealed record CurrentState(int Id, int? Number, string Name, string? Color, bool Paid, bool Shipped);

internal sealed record OrderCustomer(long Id, string Firstname, string Lastname, string Email, string? Company);

internal sealed record OrderAddress(
    long Id, string? Company, string Firstname, string Lastname, string? VatNumber, string? Dni, string Address1,
    string? Address2, string? Postcode,
    string City, string? State, int? CountryId, string? CountryName, string? CountryIsoCode, string? Phone,
    string? PhoneMobile, string? Pec, string? Sdi);

internal sealed record OrderLineDetails(
    long Id, long? ProductId, string ProductName, string? ProductReference, int ProductQuantity,
    decimal UnitPriceTaxExcl, decimal UnitPriceTaxIncl,
    decimal VatRate, decimal ReductionPercent, decimal TotalPriceTaxExcl, decimal TotalPriceTaxIncl)
{
    public long? OriginId { get; init; }

    /// <summary>The combination, by its id in the shop; the line has its reference and EAN.</summary>
    public long? ProductAttributeId { get; init; }

    public string? ProductEan13 { get; init; }

    public int ProductQuantityRefunded { get; init; }

    public int ProductQuantityReturn { get; init; }

    public decimal ReductionAmountTaxExcl { get; init; }

    public decimal ReductionAmountTaxIncl { get; init; }

    /// <summary>Net, for one piece, and part of the unit price.</summary>
    public decimal Ecotax { get; init; }

    public decimal EcotaxTaxRate { get; init; }
}

internal sealed record OrderDiscountDetails(
    long Id, long? OriginId, long? CartRuleId, string Name, string? Code, decimal Value, decimal ValueTaxExcl,
    bool FreeShipping);

internal sealed record OrderWarning(string Code, string Detail)
{
    /// <summary>Warnings as they are stored: one a line, <c>code: text</c>.</summary>
    public static IReadOnlyList<OrderWarning> Parse(string? stored) =>
        stored is null ? [] : [.. stored.Split('\n').Select(static line => line.Split(": ", 2)).Select(
            static parts => parts.Length == 2 ? new OrderWarning(parts[0], parts[1]) : new OrderWarning("", parts[0]))];
}
