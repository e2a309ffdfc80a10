using System.Globalization;
using ECommerce.Features.Invoices.Characters;
using ECommerce.Features.Invoices.Requests;
using ECommerce.Features.Invoices.Validation;

namespace ECommerce.Features.Invoices.Building;

/// <summary>What the document no longer shows, or what nothing can be computed from.</summary>
internal static class RequestChecks
{
    private const decimal MaxAmount = 99_999_999_999m;

    // Each summary is rounded twice, and so is the shop's total: more is an error of the amounts.
    private const decimal MaxRounding = 0.10m;

    /// <summary>Why no document can be made.</summary>
    public static IReadOnlyList<InvoiceFault> Blocking(InvoiceRequest request)
    {
        var (order, faults) = (request.Order, new List<InvoiceFault>());
        if (!order.Lines.Any(static line => line.Quantity > 0))
            faults.Add(new InvoiceFault(FaultCodes.Schema, "DettaglioLinee", "The order has no lines."));
        if (order.Lines.Any(static line => line.VatRate is < 0 or > 100))
            faults.Add(new InvoiceFault(FaultCodes.VatPercentage, "AliquotaIVA", "A rate of VAT is out of range."));
        if (order.Currency != InvoiceCurrency.Euro && order.ConversionRate is <= 0 or 1)
        {
            faults.Add(new InvoiceFault(
                FaultCodes.Currency, "Divisa", $"The rate from {order.Currency} to euro is not known."));
        }
        if (Amounts(order).Any(static amount => Math.Abs(amount) > MaxAmount))
            faults.Add(new InvoiceFault(FaultCodes.Schema, "PrezzoUnitario", "An amount is too large."));
        if (request.Credits?.Refund is { } refund && !HasParts(order, refund))
            faults.Add(new InvoiceFault(FaultCodes.Schema, "DettaglioLinee", "Nothing of the order is refunded."));
        return faults;
    }

    /// <summary>Texts that cannot be written, and amounts that do not add up.</summary>
    public static IEnumerable<InvoiceFault> Of(InvoiceRequest request, DocumentTotals totals)
    {
        var buyer = request.Buyer;
        (string Field, string? Text)[] texts =
        [
            ("CessionarioCommittente/Denominazione", buyer.Company), ("CessionarioCommittente/Nome", buyer.Firstname),
            ("CessionarioCommittente/Cognome", buyer.Lastname),
            ("CessionarioCommittente/Indirizzo", buyer.Address.Street),
            ("CessionarioCommittente/Comune", buyer.Address.City),
        ];
        foreach (var (field, text) in texts)
        {
            if (Transliteration.IsLost(text))
                yield return new InvoiceFault(FaultCodes.Schema, field, "The text has no letters that can be written.");
        }
        if (buyer.IsVatGroup && FieldText.Code(buyer.TaxCode).Length == 0)
        {
            yield return new InvoiceFault(
                FaultCodes.GroupWithoutTaxCode, "CessionarioCommittente/CodiceFiscale",
                "The buyer belongs to a VAT group: the tax code of the member is missing.");
        }
        if (Math.Abs(totals.Rounding) > MaxRounding)
        {
            var parts = totals.Expected - totals.Rounding;
            yield return new InvoiceFault(
                FaultCodes.OrderTotal, "ImportoTotaleDocumento", string.Create(
                    CultureInfo.InvariantCulture,
                    $"The order comes to {totals.Expected:0.00}, its parts to {parts:0.00}."));
        }
    }

    private static bool HasParts(InvoicedOrder order, InvoicedRefund refund) =>
        refund.Shipping > 0 || refund.Wrapping > 0
        || refund.Lines.Any(part => part.Quantity > 0 && order.Lines.Any(line => line.Id == part.Line));

    private static IEnumerable<decimal> Amounts(InvoicedOrder order) =>
        order.Lines.SelectMany(static line => new[]
        {
            line.Quantity, line.UnitNet, line.UnitGross ?? 0, line.TotalNet ?? 0, line.TotalGross ?? 0,
        }).Append(order.TotalPaid ?? 0).Append(order.Shipping?.Net ?? 0).Append(order.Shipping?.Gross ?? 0)
            .Append(order.Wrapping?.Net ?? 0).Append(order.Wrapping?.Gross ?? 0)
            .Concat(order.Vouchers.Select(static voucher => voucher.Value));
}
