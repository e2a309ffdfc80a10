using ECommerce.Caching;
using ECommerce.Features.Data.Entities.Invoices;
using Microsoft.AspNetCore.OutputCaching;

namespace ECommerce.Features.Invoices;

internal static class InvoicesCaching
{
    private static readonly TimeSpan Fresh = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan Stale = TimeSpan.FromMinutes(15);

    public static readonly CachePolicy Invoice = new("invoice:{tenant}:{id}", Fresh, Stale);

    public static readonly CachePolicy Notifications = new("invoice:notifications:{tenant}:{id}", Fresh, Stale);

    /// <summary>The file as it is sent.</summary>
    public static readonly CachePolicy Xml = new("invoice:xml:{tenant}:{id}", Fresh, Stale);

    /// <summary>The page for people.</summary>
    public static readonly CachePolicy Html = new("invoice:html:{tenant}:{id}", Fresh, Stale);

    public static readonly CachePolicy List =
        new("invoices:list:{tenant}:{qhash}", fresh: TimeSpan.FromSeconds(30), stale: TimeSpan.FromMinutes(5))
        { Tags = ["invoices:any:{tenant}", "customers:any:{tenant}"] };

    public static readonly CachePolicy[] Policies = [Invoice, Notifications, Xml, Html, List];

    public static readonly Invalidates[] Invalidations =
    [
        Invalidates.On<Invoice>(TagsOf),
        Invalidates.WithRoot<InvoiceItem, Invoice>(static item => item.InvoiceId),
        Invalidates.WithRoot<InvoiceFile, Invoice>(static file => file.InvoiceId),
        Invalidates.WithRoot<InvoiceNotification, Invoice>(static notification => notification.InvoiceId),
    ];

    public static readonly WarmRead[] WarmReads =
    [
        WarmRead.ById(Invoice, static (id, tenant, services, ct) =>
            GetInvoice.Handle(id, tenant, services.Cache, services.Contexts, ct)),
        WarmRead.ById(Notifications, static (id, tenant, services, ct) =>
            GetInvoiceNotifications.Handle(id, tenant, services.Cache, services.Contexts, ct)),
        WarmRead.List(List, static reader => new InvoiceQuery(reader), static (query, tenant, services, ct) =>
            ListInvoices.Handle(query, tenant, services.Hash, services.Cache, services.Contexts, ct)),
    ];

    public static void Details(OutputCachePolicyBuilder policy) => policy.PerTenantEntity(Invoice);

    public static void NotificationsListing(OutputCachePolicyBuilder policy) => policy.PerTenantEntity(Notifications);

    public static void XmlFile(OutputCachePolicyBuilder policy) => policy.PerTenantEntity(Xml);

    public static void HtmlPage(OutputCachePolicyBuilder policy) => policy.PerTenantEntity(Html);

    public static void Listing(OutputCachePolicyBuilder policy) =>
        policy.PerTenantQuery(List, static reader => new InvoiceQuery(reader));

    private static IEnumerable<string> TagsOf(Invoice invoice)
    {
        var (tenant, id) = (invoice.Tenant, invoice.Id);
        yield return Invoice.Key(tenant, id);
        yield return Notifications.Key(tenant, id);
        yield return Xml.Key(tenant, id);
        yield return Html.Key(tenant, id);
        yield return List.All(tenant);
        yield return Tags.Order(tenant, invoice.OrderId);
        // An invoice names its credit notes.
        if (invoice.InvoiceId is { } credited)
            yield return Invoice.Key(tenant, credited);
    }
}
