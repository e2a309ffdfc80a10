using System.Linq.Expressions;

namespace ECommerce.Features.Sales;

/// <summary>Reads an order as every response shows it, whichever feature responds.</summary>
internal static class OrderReader
{
    private static readonly Expression<Func<Order, FoundOrder>> Details = o => new FoundOrder(new OrderDetails(
        o.Id, o.ShopId, o.OriginId, o.RowVersion, o.Reference, o.CustomerId, o.AddressDeliveryId, o.AddressInvoiceId,
        o.CarrierId, o.LangId, o.StateId, o.StatePending, o.Payment, o.CarrierTaxRate, o.TotalProducts,
        o.TotalProductsWt, o.TotalDiscounts, o.TotalDiscountsTaxExcl, o.TotalShipping, o.TotalShippingTaxExcl,
        o.TotalPaid, o.TotalPaidTaxExcl, o.IsPaid, o.IsInvoiceRequested, o.Notes, o.AssignedTo, o.CreatedBy,
        o.ProcessedAt, o.DateAdd, o.DateUpd)
    {
        Currency = o.Currency,
        ConversionRate = o.ConversionRate,
        TotalWrapping = o.TotalWrapping,
        TotalWrappingTaxExcl = o.TotalWrappingTaxExcl,
        TotalPaidReal = o.TotalPaidReal,
        RoundType = o.RoundType,
        RoundMode = o.RoundMode,
        Valid = o.Valid,
        GoneInShop = o.GoneInShop,
        Gift = o.Gift,
        GiftMessage = o.GiftMessage,
        OriginShopId = o.OriginShopId,
        Module = o.Module,
        InvoiceNumber = o.InvoiceNumber,
        InvoiceDate = o.InvoiceDate,
        DeliveryNumber = o.DeliveryNumber,
        DeliveryDate = o.DeliveryDate,
        LocalDate = o.LocalDate,
        NeedsSync = o.NeedsSync,
        Warnings = OrderWarning.Parse(o.Warnings),
        State = new CurrentState(
            o.State.Id, o.State.Number, o.State.Name, o.State.Color, o.State.Paid, o.State.Shipped),
        StatePush = o.StatePush == null ? null : new StatePushDetails(
            o.StatePush.StateId, o.StatePush.Status, o.StatePush.Refusals, o.StatePush.Error, o.StatePush.CreatedAt,
            o.StatePush.PushedAt),
        Customer = new OrderCustomer(
            o.Customer.Id, o.Customer.Firstname, o.Customer.Lastname, o.Customer.Email, o.Customer.Company),
        AddressDelivery = o.AddressDelivery == null ? null : new OrderAddress(
            o.AddressDelivery.Id, o.AddressDelivery.Company, o.AddressDelivery.Firstname, o.AddressDelivery.Lastname,
            o.AddressDelivery.VatNumber, o.AddressDelivery.Dni, o.AddressDelivery.Address1, o.AddressDelivery.Address2,
            o.AddressDelivery.Postcode, o.AddressDelivery.City, o.AddressDelivery.State, o.AddressDelivery.CountryId,
            o.AddressDelivery.Country!.Name, o.AddressDelivery.Country!.IsoCode, o.AddressDelivery.Phone,
            o.AddressDelivery.PhoneMobile, o.AddressDelivery.Pec, o.AddressDelivery.Sdi),
        AddressInvoice = o.AddressInvoice == null ? null : new OrderAddress(
            o.AddressInvoice.Id, o.AddressInvoice.Company, o.AddressInvoice.Firstname, o.AddressInvoice.Lastname,
            o.AddressInvoice.VatNumber, o.AddressInvoice.Dni, o.AddressInvoice.Address1, o.AddressInvoice.Address2,
            o.AddressInvoice.Postcode, o.AddressInvoice.City, o.AddressInvoice.State, o.AddressInvoice.CountryId,
            o.AddressInvoice.Country!.Name, o.AddressInvoice.Country!.IsoCode, o.AddressInvoice.Phone,
            o.AddressInvoice.PhoneMobile, o.AddressInvoice.Pec, o.AddressInvoice.Sdi),
        Lines = o.Lines.OrderBy(line => line.Id).Select(line => new OrderLineDetails(
            line.Id, line.ProductId, line.ProductName, line.ProductReference, line.ProductQuantity,
            line.UnitPriceTaxExcl,
            line.UnitPriceTaxIncl, line.VatRate, line.ReductionPercent, line.TotalPriceTaxExcl,
            line.TotalPriceTaxIncl)
        {
            OriginId = line.OriginId,
            ProductAttributeId = line.ProductAttributeId,
            ProductEan13 = line.ProductEan13,
            ProductQuantityRefunded = line.ProductQuantityRefunded,
            ProductQuantityReturn = line.ProductQuantityReturn,
            ReductionAmountTaxExcl = line.ReductionAmountTaxExcl,
            ReductionAmountTaxIncl = line.ReductionAmountTaxIncl,
            Ecotax = line.Ecotax,
            EcotaxTaxRate = line.EcotaxTaxRate,
        }).ToList(),
        Discounts = o.Discounts.OrderBy(discount => discount.Id).Select(discount => new OrderDiscountDetails(
            discount.Id, discount.OriginId, discount.CartRuleId, discount.Name, discount.Code, discount.Value,
            discount.ValueTaxExcl, discount.FreeShipping)).ToList(),
    }, o.Invoice!.Reference, o.Invoice.OrderContent);

    private static readonly Func<ECommerceDbContext, long, CancellationToken, Task<FoundOrder?>> ById =
        CompiledReads.ById(Details);

    /// <summary>One statement for all that an order shows: its lines and its totals are of one state.</summary>
    public static async Task<OrderDetails?> FindAsync(ECommerceDbContext db, long id, CancellationToken ct)
    {
        if (await ById(db, id, ct) is not { Order: var order } found)
            return null;
        return InvoicedContent.Compare(order, found.Invoice, found.Invoiced) is { } warning
            ? order with { Warnings = [.. order.Warnings, warning] }
            : order;
    }

    private sealed record FoundOrder(OrderDetails Order, string? Invoice, string? Invoiced);
}
