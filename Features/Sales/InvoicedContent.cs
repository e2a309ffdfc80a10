using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace ECommerce.Features.Sales;

/// <summary>
/// What an invoice is made from, as fingerprints: an order that no longer has those of its invoice was changed since.
/// </summary>
internal static class InvoicedContent
{
    /// <summary>Of the warning of an order.</summary>
    public const string Changed = "changed_after_invoice";

    // Of what is hashed and how: fingerprints of another version are not compared.
    private const string Version = "1";

    private const int HashLength = 16;

    private static readonly string[] Names = ["amounts", "lines", "parties"];

    /// <summary>Version and three hashes: <c>1:…:…:…</c>, at most 64 characters.</summary>
    public static string Of(OrderDetails order) =>
        string.Join(':', Version, Hash(Amounts(order)), Hash(Lines(order)), Hash(Parties(order)));

    /// <summary>The warning of an order whose invoice was made from something else; null: it is the same.</summary>
    /// <param name="order">As it is now.</param>
    /// <param name="invoice">The number of its invoice.</param>
    /// <param name="invoiced">What the invoice was made from; null: unknown.</param>
    public static OrderWarning? Compare(OrderDetails order, string? invoice, string? invoiced)
    {
        if (invoiced is null)
            return null;
        var (then, now) = (invoiced.Split(':'), Of(order).Split(':'));
        if (then.Length != now.Length || then[0] != now[0])
            return null;
        var changed = Names.Where((_, i) => then[i + 1] != now[i + 1]).ToArray();
        return changed.Length == 0 ? null : new OrderWarning(
            Changed,
            $"The {string.Join(" and ", changed)} changed after invoice {invoice} was made, which stays as it is.");
    }

    private static IEnumerable<object?> Amounts(OrderDetails order) =>
    [
        order.Currency, order.ConversionRate, order.TotalProducts, order.TotalProductsWt, order.TotalDiscounts,
        order.TotalDiscountsTaxExcl, order.TotalShipping, order.TotalShippingTaxExcl, order.CarrierTaxRate,
        order.TotalWrapping, order.TotalWrappingTaxExcl, order.TotalPaid, order.TotalPaidTaxExcl,
        .. order.Discounts.SelectMany(static discount => (object?[])
            [discount.Name, discount.Value, discount.ValueTaxExcl, discount.FreeShipping]),
    ];

    // Without ids: those of lines made here change with every write.
    private static IEnumerable<object?> Lines(OrderDetails order) => order.Lines.SelectMany(static line => (object?[])
    [
        line.ProductName, line.ProductReference, line.ProductEan13, line.ProductQuantity, line.UnitPriceTaxExcl,
        line.UnitPriceTaxIncl, line.VatRate, line.TotalPriceTaxExcl, line.TotalPriceTaxIncl,
    ]);

    private static IEnumerable<object?> Parties(OrderDetails order)
    {
        var buyer = order.AddressInvoice;
        return
        [
            order.CustomerId, buyer?.Company, buyer?.Firstname, buyer?.Lastname, buyer?.VatNumber, buyer?.Dni,
            buyer?.Address1, buyer?.Address2, buyer?.Postcode, buyer?.City, buyer?.State, buyer?.CountryIsoCode,
            buyer?.Pec, buyer?.Sdi, order.AddressDelivery?.CountryIsoCode,
        ];
    }

    private static string Hash(IEnumerable<object?> values)
    {
        var text = new StringBuilder();
        foreach (var value in values)
        {
            var shown = value is decimal number
                ? number.ToString("0.########", CultureInfo.InvariantCulture)
                : Convert.ToString(value, CultureInfo.InvariantCulture);
            // With the length, so that no value reads as the end of another.
            text.Append(CultureInfo.InvariantCulture, $"{shown?.Length ?? -1}:{shown}");
        }
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())))[..HashLength];
    }
}
