using ECommerce.Features.Data.Entities;
using ECommerce.Features.Invoices.Requests;
using Microsoft.EntityFrameworkCore;

namespace ECommerce.Features.Invoices.Issuing;

/// <summary>An order and its customer as an invoice is made from them.</summary>
internal static class OrderToInvoice
{
    public static async Task<InvoicedOrder> ReadAsync(ECommerceDbContext db, Order order, CancellationToken ct)
    {
        var lines = await db.OrderLines.Where(line => line.OrderId == order.Id).OrderBy(line => line.Id)
            .ToListAsync(ct);
        var discounts = await db.OrderDiscounts.Where(row => row.OrderId == order.Id).OrderBy(row => row.Id)
            .ToListAsync(ct);
        var payments = await db.OrderPayments
            .Where(row => row.OrderId == order.Id && row.Currency == order.Currency).OrderBy(row => row.Id)
            .ToListAsync(ct);
        return new InvoicedOrder([.. lines.Select(Line)])
        {
            Reference = order.Reference,
            Date = order.LocalDate,
            Currency = order.Currency,
            // The rate leads to the currency of the shop: what is in euro is not converted.
            ConversionRate = order.Currency == InvoiceCurrency.Euro ? 1 : order.ConversionRate,
            Rounding = new OrderRounding(order.RoundType, order.RoundMode),
            Vouchers = [.. Vouchers(order, discounts)],
            Shipping = Charge(order.TotalShippingTaxExcl, order.TotalShipping, order.CarrierTaxRate),
            Wrapping = Charge(order.TotalWrappingTaxExcl, order.TotalWrapping, null),
            TotalPaid = order.TotalPaid,
            PaymentMethod = order.Payment,
            Payments =
            [
                .. payments.Select(static payment => new InvoicedPayment(payment.PaymentMethod, payment.Amount)),
            ],
        };
    }

    /// <summary>The customer by the address of the invoice; the country of the delivery may decide the VAT.</summary>
    public static InvoiceBuyer Buyer(Address address, string? deliveryCountry) => new(new InvoiceAddress(
        address.Address1, address.Postcode, address.City, address.State, address.Country?.IsoCode ?? "")
    {
        Street2 = address.Address2,
    })
    {
        Company = address.Company,
        Firstname = address.Firstname,
        Lastname = address.Lastname,
        VatNumber = address.VatNumber,
        TaxCode = address.Dni,
        RecipientCode = address.Sdi,
        Pec = address.Pec,
        DeliveryCountry = deliveryCountry,
    };

    /// <summary>An address of an order, also a deleted one: an order keeps the address that it was made with.</summary>
    public static async Task<Address?> AddressAsync(ECommerceDbContext db, long? id, CancellationToken ct) =>
        id is null
            ? null
            : await db.Rows<Address>().Include(a => a.Country).Where(a => a.Id == id).SingleOrDefaultAsync(ct);

    private static InvoicedLine Line(OrderLine line) => new(
        line.Id, line.ProductName, line.ProductQuantity, line.UnitPriceTaxExcl, line.UnitPriceTaxIncl, line.VatRate)
    {
        Reference = line.ProductReference,
        Ean = line.ProductEan13,
        TotalNet = line.TotalPriceTaxExcl,
        TotalGross = line.TotalPriceTaxIncl,
    };

    // Orders made here have a sum of discounts and no list of them.
    private static IEnumerable<InvoicedVoucher> Vouchers(Order order, List<OrderDiscount> discounts)
    {
        foreach (var discount in discounts.Where(static discount => discount.Value > 0))
        {
            yield return new InvoicedVoucher(discount.Name, discount.Value)
            {
                NetValue = discount.ValueTaxExcl,
                FreeShipping = discount.FreeShipping,
            };
        }
        if (discounts.Count == 0 && order.TotalDiscounts > 0)
            yield return new InvoicedVoucher("", order.TotalDiscounts);
    }

    private static InvoicedCharge? Charge(decimal net, decimal gross, decimal? rate) =>
        gross == 0 ? null : new InvoicedCharge(net, gross, rate);
}
