using System.Text.RegularExpressions;
using ECommerce.Features.Data.Entities;
using ECommerce.Features.Data.Entities.Invoices;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;

namespace ECommerce.Features.Data;

/// <summary>
/// How entities are mapped. The migrations make the tables and nothing is generated from the model; a test compares the
/// two.
/// </summary>
internal static partial class ECommerceModel
{
    public static void ConfigureConventions(ModelConfigurationBuilder conventions)
    {
        conventions.Properties<Tenant>().HaveConversion<TenantConverter>();
        conventions.Properties<decimal>().HavePrecision(20, 2);
        conventions.Properties<DateTime>().HavePrecision(6);
    }

    public static void Build(ModelBuilder model)
    {
        var order = Table<Order, long>(model, "orders");
        order.HasOne(o => o.State).WithMany().HasForeignKey(o => new { o.Tenant, o.StateId });
        order.HasOne(o => o.StatePush).WithMany().HasForeignKey(o => new { o.Tenant, o.StatePushId });
        order.HasOne(o => o.Customer).WithMany().HasForeignKey(o => new { o.Tenant, o.CustomerId });
        order.HasOne(o => o.AddressDelivery).WithMany().HasForeignKey(o => new { o.Tenant, o.AddressDeliveryId });
        order.HasOne(o => o.AddressInvoice).WithMany().HasForeignKey(o => new { o.Tenant, o.AddressInvoiceId });
        order.HasOne(o => o.Invoice).WithOne().HasForeignKey<Invoice>(i => new { i.Tenant, i.InvoicedOrderId });
        order.HasMany(o => o.Lines).WithOne().HasForeignKey(line => new { line.Tenant, line.OrderId });
        order.HasMany(o => o.History).WithOne().HasForeignKey(change => new { change.Tenant, change.OrderId });
        order.HasMany(o => o.Discounts).WithOne().HasForeignKey(row => new { row.Tenant, row.OrderId });
        order.HasMany(o => o.Payments).WithOne().HasForeignKey(row => new { row.Tenant, row.OrderId });
        order.HasMany(o => o.Refunds).WithOne().HasForeignKey(row => new { row.Tenant, row.OrderId });
        order.HasMany(o => o.RefundLines).WithOne().HasForeignKey(row => new { row.Tenant, row.OrderId });
        order.HasMany(o => o.Shipments).WithOne().HasForeignKey(row => new { row.Tenant, row.OrderId });
        order.HasMany(o => o.Messages).WithOne().HasForeignKey(row => new { row.Tenant, row.OrderId });
        Table<OrderShipment, long>(model, "order_shipments").HasOne(s => s.Carrier).WithMany()
            .HasForeignKey(s => new { s.Tenant, s.CarrierId });
        Table<OrderMessage, long>(model, "order_messages");
        Table<OrderLine, long>(model, "order_lines");
        Table<OrderDiscount, long>(model, "order_discounts");
        Table<OrderPayment, long>(model, "order_payments");
        Table<OrderRefund, long>(model, "order_refunds");
        Table<OrderRefundLine, long>(model, "order_refund_lines");
        var push = Table<OrderStatePush, long>(model, "order_state_pushes");
        push.HasOne(p => p.State).WithMany().HasForeignKey(p => new { p.Tenant, p.StateId });
        push.HasOne(p => p.Change).WithMany().HasForeignKey(p => new { p.Tenant, p.ChangeId });
        Table<OrderChange, long>(model, "order_changes").HasOne<Order>().WithMany()
            .HasForeignKey(change => new { change.Tenant, change.OrderId });
        Table<OrderStateChange, long>(model, "order_history").HasOne(change => change.State).WithMany()
            .HasForeignKey(change => new { change.Tenant, change.StateId });
        var quote = Table<Quote, long>(model, "quotes");
        quote.HasOne(q => q.Customer).WithMany().HasForeignKey(q => new { q.Tenant, q.CustomerId });
        quote.HasOne(q => q.AddressDelivery).WithMany().HasForeignKey(q => new { q.Tenant, q.AddressDeliveryId });
        quote.HasOne(q => q.AddressInvoice).WithMany().HasForeignKey(q => new { q.Tenant, q.AddressInvoiceId });
        quote.HasMany(q => q.Lines).WithOne().HasForeignKey(line => new { line.Tenant, line.QuoteId });
        Table<QuoteLine, long>(model, "quote_lines");
        var invoice = Table<Invoice, long>(model, "invoices");
        invoice.HasMany(i => i.Items).WithOne().HasForeignKey(row => new { row.Tenant, row.InvoiceId });
        invoice.HasMany(i => i.Files).WithOne().HasForeignKey(row => new { row.Tenant, row.InvoiceId });
        invoice.HasMany(i => i.Notifications).WithOne().HasForeignKey(row => new { row.Tenant, row.InvoiceId });
        Table<InvoiceItem, long>(model, "invoice_items");
        Table<InvoiceFile, long>(model, "invoice_files");
        Table<InvoiceNotification, long>(model, "invoice_notifications");
        Table<PoolEvent, long>(model, "pool_events");
        Table<PoolDocument, long>(model, "pool_documents").HasOne<PoolEvent>().WithMany()
            .HasForeignKey(row => new { row.Tenant, row.EventId });
        Table<Customer, long>(model, "customers");
        Table<Address, long>(model, "addresses").HasOne(a => a.Country).WithMany()
            .HasForeignKey(a => new { a.Tenant, a.CountryId });
        var product = Table<Product, long>(model, "products");
        product.HasOne(p => p.Category).WithMany().HasForeignKey(p => new { p.Tenant, p.CategoryId });
        product.HasOne(p => p.Brand).WithMany().HasForeignKey(p => new { p.Tenant, p.BrandId });
        product.HasMany(p => p.Combinations).WithOne().HasForeignKey(c => new { c.Tenant, c.ProductId });
        Table<ProductCombination, long>(model, "product_combinations");
        SixDecimals<ProductCombination>(model, "PriceImpact", "WeightImpact");
        SixDecimals<Product>(model, "Weight", "Price", "WholesalePrice");
        SixDecimals<Order>(model, "ConversionRate");
        SixDecimals<OrderLine>(
            model, "UnitPriceTaxExcl", "UnitPriceTaxIncl", "TotalPriceTaxExcl", "TotalPriceTaxIncl",
            "ReductionAmountTaxExcl", "ReductionAmountTaxIncl", "Ecotax");
        SixDecimals<QuoteLine>(model, "UnitPriceTaxExcl", "UnitPriceTaxIncl");
        SixDecimals<OrderDiscount>(model, "Value", "ValueTaxExcl");
        SixDecimals<OrderPayment>(model, "Amount", "ConversionRate");
        SixDecimals<OrderShipment>(model, "Weight", "ShippingCostTaxExcl", "ShippingCostTaxIncl");
        ThreeDecimalTotals<Order>(model);
        ThreeDecimalTotals<OrderRefund>(model);
        SixDecimals<OrderRefund>(model, "ConversionRate");
        SixDecimals<OrderRefundLine>(model, "AmountTaxExcl", "AmountTaxIncl");
        Table<OrderState, int>(model, "order_states");
        Table<Category, int>(model, "categories");
        Table<Brand, int>(model, "brands");
        Table<Carrier, int>(model, "carriers");
        Table<Country, int>(model, "countries");
        Table<Lang, int>(model, "langs");
        Table<Shop, int>(model, "shops");
        Table<TenantSetting, int>(model, "settings");
        model.Entity<User>().ToTable("users");

        foreach (var type in model.Model.GetEntityTypes())
        {
            // No foreign key of the tables cascades: a deletion that no change tracker sees would leave caches behind.
            foreach (var key in type.GetForeignKeys())
                key.DeleteBehavior = DeleteBehavior.ClientNoAction;
            foreach (var property in type.GetProperties())
            {
                property.SetColumnName(
                    property.Name == nameof(ITenantRow.Tenant)
                        ? "tenant_id"
                        : Capital().Replace(property.Name, "_$0").ToLowerInvariant());
                if (property.Name.EndsWith("TaxRate", StringComparison.Ordinal)
                    || property.Name is nameof(OrderLine.VatRate) or nameof(OrderLine.ReductionPercent))
                {
                    property.SetPrecision(6);
                    property.SetScale(3);
                }
            }
        }
    }

    // Of what is not a sum: prices, measures and rates of exchange.
    private static void SixDecimals<TRow>(ModelBuilder model, params ReadOnlySpan<string> properties)
        where TRow : class
    {
        foreach (var property in properties)
            model.Entity<TRow>().Property<decimal>(property).HasPrecision(20, 6);
    }

    // Some currencies have three digits.
    private static void ThreeDecimalTotals<TRow>(ModelBuilder model)
        where TRow : class
    {
        foreach (var property in typeof(TRow).GetProperties().Where(property => property.PropertyType == typeof(decimal)
            && property.Name.StartsWith("Total", StringComparison.Ordinal)))
        {
            model.Entity<TRow>().Property<decimal>(property.Name).HasPrecision(20, 3);
        }
    }

    private static EntityTypeBuilder<TRow> Table<TRow, TId>(ModelBuilder model, string name)
        where TRow : TenantRow<TId>
    {
        var table = model.Entity<TRow>().ToTable(name);
        table.HasKey(row => new { row.Tenant, row.Id });
        table.Property(row => row.Id).ValueGeneratedOnAdd();
        if (typeof(TRow).IsAssignableTo(typeof(IVersionedRow)))
            table.Property(nameof(IVersionedRow.RowVersion)).IsConcurrencyToken();
        return table;
    }

    [GeneratedRegex("(?<!^)[A-Z]")]
    private static partial Regex Capital();

    private sealed class TenantConverter() : ValueConverter<Tenant, string>(
        tenant => tenant.Slug, slug => new Tenant(slug));
}
