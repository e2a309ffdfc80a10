using System.Security.Cryptography;
using System.Text.Json;

namespace ECommerce.Features.PrestaShop.Import.Orders;

/// <summary>The parts of an order as they are stored, and what was found on the way.</summary>
internal sealed record ImportedOrder(
    IReadOnlyList<ImportedLine> Lines, IReadOnlyList<ImportedDiscount> Discounts,
    IReadOnlyList<ImportedPayment> Payments, IReadOnlyList<ImportedRefund> Refunds,
    IReadOnlyList<ImportedShipment> Shipments, IReadOnlyList<ImportedMessage> Messages)
{
    /// <summary>Part of the hash of the order, so that it changes with its parts.</summary>
    public string Hash() => Convert.ToHexStringLower(SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(this))[..16]);
}

internal sealed record ImportedLine(
    long? OriginId, long? ProductId, long? ProductAttributeId, string ProductName, string? ProductReference,
    string? ProductEan13, int Quantity, int QuantityRefunded, int QuantityReturn, decimal UnitNet, decimal UnitGross,
    decimal VatRate, decimal ReductionPercent, decimal ReductionNet, decimal ReductionGross, decimal Ecotax,
    decimal EcotaxTaxRate, decimal Net, decimal Gross);

internal sealed record ImportedDiscount(
    long OriginId, long? CartRule, string Name, string? Code, decimal Value, decimal ValueNet, bool FreeShipping);

internal sealed record ImportedPayment(
    long OriginId, string Method, string? Transaction, decimal Amount, string Currency, decimal ConversionRate,
    DateTime DateAdd);

internal sealed record ImportedRefund(
    long OriginId, decimal ConversionRate, decimal ProductsNet, decimal ProductsGross, decimal ShippingNet,
    decimal ShippingGross, bool IsPartial, DateTime DateAdd, DateTime LocalDate,
    IReadOnlyList<ImportedRefundLine> Lines);

internal sealed record ImportedRefundLine(long? LineOriginId, int Quantity, decimal Net, decimal Gross);

internal sealed record ImportedShipment(
    long OriginId, long? CarrierId, string? TrackingNumber, decimal Weight, decimal CostNet, decimal CostGross,
    DateTime DateAdd);

internal sealed record ImportedMessage(
    long OriginId, bool IsFromEmployee, bool IsPrivate, string Message, DateTime DateAdd);
