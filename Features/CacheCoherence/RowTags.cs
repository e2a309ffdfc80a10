using ECommerce.Features.Data.Entities;
using ECommerce.Features.Data.Entities.Invoices;

namespace ECommerce.Features.CacheCoherence;

/// <summary>
/// The canonical tags of rows. Cached values depend on them, so that a change is known by nodes of another version too,
/// whatever those cache.
/// </summary>
internal static class RowTags
{
    public static IEnumerable<string> Of(object row) => row switch
    {
        Order order => Of("order", "orders", order),
        OrderLine line => OfOrder(line.Tenant, line.OrderId),
        OrderDiscount discount => OfOrder(discount.Tenant, discount.OrderId),
        OrderPayment payment => OfOrder(payment.Tenant, payment.OrderId),
        OrderRefund refund => OfOrder(refund.Tenant, refund.OrderId),
        OrderRefundLine line => OfOrder(line.Tenant, line.OrderId),
        OrderShipment shipment => OfOrder(shipment.Tenant, shipment.OrderId),
        OrderMessage message => OfOrder(message.Tenant, message.OrderId),
        OrderStatePush push => OfOrder(push.Tenant, push.OrderId),
        OrderChange change => [Tags.OrderHistory(change.Tenant, change.OrderId)],
        OrderStateChange change => [Tags.OrderHistory(change.Tenant, change.OrderId)],
        Quote quote => Of("quote", "quotes", quote),
        QuoteLine line => [Tags.Quote(line.Tenant, line.QuoteId), Tags.AnyQuote(line.Tenant)],
        Invoice invoice => Of("invoice", "invoices", invoice),
        InvoiceItem item => OfInvoice(item.Tenant, item.InvoiceId),
        InvoiceFile file => OfInvoice(file.Tenant, file.InvoiceId),
        InvoiceNotification notification => OfInvoice(notification.Tenant, notification.InvoiceId),
        PoolEvent found => OfPool(found.Tenant, found.SdiId),
        PoolDocument document => OfPool(document.Tenant, document.SdiId),
        Customer customer => Of("customer", "customers", customer),
        Address address => Of("address", "addresses", address),
        Product product => Of("product", "products", product),
        ProductCombination combination =>
            [Tags.Product(combination.Tenant, combination.ProductId), Tags.AnyProduct(combination.Tenant)],
        // Small tables are cached whole, under one key.
        OrderState state => [Tags.OrderStates(state.Tenant)],
        Category category => [Tags.Categories(category.Tenant)],
        Brand brand => [Tags.Brands(brand.Tenant)],
        Carrier carrier => [Tags.Carriers(carrier.Tenant)],
        Country country => [Tags.Countries(country.Tenant)],
        Lang lang => [Tags.Langs(lang.Tenant)],
        Shop shop => [Tags.Shops(shop.Tenant)],
        TenantSetting setting => [Tags.Setting(setting.Tenant, setting.Name), Tags.Settings(setting.Tenant)],
        _ => [],
    };

    private static IEnumerable<string> OfOrder(Tenant tenant, long order) =>
        [Tags.Order(tenant, order), Tags.AnyOrder(tenant)];

    private static IEnumerable<string> OfInvoice(Tenant tenant, long invoice) =>
        [Tags.Invoice(tenant, invoice), Tags.AnyInvoice(tenant)];

    // The provider's texts: only what can be asked for becomes a tag.
    private static IEnumerable<string> OfPool(Tenant tenant, string sdiId) => PoolEvent.IsSdiId(sdiId)
        ? [Tags.PoolInvoice(tenant, sdiId), Tags.Pool(tenant)]
        : [Tags.Pool(tenant)];

    private static IEnumerable<string> Of(string one, string all, TenantRow<long> row) =>
        [$"{one}:{row.Tenant}:{row.Id}", $"{all}:any:{row.Tenant}"];
}
