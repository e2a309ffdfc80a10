using ECommerce.Features.Data.Entities;
using ECommerce.Features.Data.Entities.Invoices;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.ChangeTracking;

namespace ECommerce.Features.Data;

/// <summary>
/// The tables as one tenant sees them. The properties hold rows of the tenant that are not deleted; navigations lead to
/// deleted rows too, because an order goes on showing its deleted customer. Rows are read untracked; rows to be changed
/// are read with <see cref="RowLocks.ForUpdate"/>.
/// </summary>
internal sealed class ECommerceDbContext(DbContextOptions<ECommerceDbContext> options) : DbContext(options)
{
    /// <summary>The tenant whose rows these are; set when the context is leased.</summary>
    public Tenant Tenant { get; internal set; }

    /// <summary>The write transaction that the context belongs to; null for reads.</summary>
    internal WriteTransaction? Transaction { get; set; }

    /// <summary>Whether the statement that is read now locks its rows for update.</summary>
    internal bool ReadsForUpdate { get; set; }

    /// <summary>Whether the reads of now are part of one snapshot.</summary>
    internal bool IsInSnapshot { get; set; }

    public IQueryable<Order> Orders => Present<Order>();

    public IQueryable<OrderLine> OrderLines => Rows<OrderLine>();

    public IQueryable<OrderDiscount> OrderDiscounts => Rows<OrderDiscount>();

    public IQueryable<OrderPayment> OrderPayments => Rows<OrderPayment>();

    public IQueryable<OrderRefund> OrderRefunds => Rows<OrderRefund>();

    public IQueryable<OrderRefundLine> OrderRefundLines => Rows<OrderRefundLine>();

    public IQueryable<OrderStateChange> OrderHistory => Rows<OrderStateChange>();

    public IQueryable<OrderShipment> OrderShipments => Rows<OrderShipment>();

    public IQueryable<OrderMessage> OrderMessages => Rows<OrderMessage>();

    public IQueryable<OrderStatePush> OrderStatePushes => Rows<OrderStatePush>();
    public IQueryable<OrderChange> OrderChanges => Rows<OrderChange>();

    public IQueryable<OrderState> OrderStates => Present<OrderState>();

    public IQueryable<Quote> Quotes => Present<Quote>();

    public IQueryable<QuoteLine> QuoteLines => Rows<QuoteLine>();

    public IQueryable<Invoice> Invoices => Rows<Invoice>();

    public IQueryable<Customer> Customers => Present<Customer>();

    public IQueryable<Address> Addresses => Present<Address>();

    public IQueryable<Product> Products => Present<Product>();

    public IQueryable<ProductCombination> ProductCombinations => Present<ProductCombination>();

    public IQueryable<Category> Categories => Present<Category>();

    public IQueryable<Brand> Brands => Present<Brand>();

    public IQueryable<Carrier> Carriers => Present<Carrier>();

    public IQueryable<Country> Countries => Present<Country>();

    public IQueryable<Lang> Langs => Present<Lang>();

    public IQueryable<Shop> Shops => Rows<Shop>();

    public IQueryable<TenantSetting> Settings => Present<TenantSetting>();

    public IQueryable<User> Users => base.Set<User>().Where(user => user.TenantId == Tenant.Slug);

    /// <summary>Closed: it holds the rows of all tenants.</summary>
    public override DbSet<TEntity> Set<TEntity>() =>
        throw new NotSupportedException("Rows are read from the properties, which are limited to one tenant.");

    /// <summary>The rows of all tenants, for compiled queries, which name the tenant themselves.</summary>
    internal IQueryable<TRow> All<TRow>()
        where TRow : class, ITenantRow => base.Set<TRow>();

    /// <summary>The rows of a table that are not deleted.</summary>
    internal IQueryable<TRow> Present<TRow>()
        where TRow : class, ITenantRow, IDeletableRow =>
            base.Set<TRow>().Where(row => row.Tenant == Tenant && row.DeletedAt == null);

    /// <summary>The rows of a table, deleted ones too.</summary>
    internal IQueryable<TRow> Rows<TRow>()
        where TRow : class, ITenantRow => base.Set<TRow>().Where(row => row.Tenant == Tenant);

    /// <summary>Adds a row of the context's tenant.</summary>
    /// <exception cref="InvalidOperationException">The row names another tenant.</exception>
    public override EntityEntry<TEntity> Add<TEntity>(TEntity entity)
    {
        if (entity is ITenantRow row)
        {
            if (row.Tenant.Slug is not null && row.Tenant != Tenant)
                throw new InvalidOperationException($"A row of {row.Tenant} cannot be added for {Tenant}.");
            row.Tenant = Tenant;
        }
        return base.Add(entity);
    }

    public override int SaveChanges(bool acceptAllChangesOnSuccess) =>
        throw new NotSupportedException("Rows are saved asynchronously.");

    /// <summary>
    /// Writes the changed rows, moves their versions, and adds the tags of each, as it was and as it is, to the write
    /// transaction.
    /// </summary>
    /// <exception cref="InvalidOperationException">There is no write transaction, or a changed row was not read in it
    /// with a lock.</exception>
    public override async Task<int> SaveChangesAsync(
        bool acceptAllChangesOnSuccess, CancellationToken cancellationToken = default)
    {
        if (Transaction is not { } tx)
        {
            throw new InvalidOperationException(
                "Rows are saved in a write transaction only: WriteTransactions.BeginAsync.");
        }

        try
        {
            var changes = await TrackedChanges.CollectAsync(this, tx, cancellationToken);
            var rows = await base.SaveChangesAsync(acceptAllChangesOnSuccess, cancellationToken);
            changes.AddTagsOfNewState();
            return rows;
        }
        catch (Exception exception)
        {
            tx.Doom(exception);
            throw;
        }
    }

    protected override void ConfigureConventions(ModelConfigurationBuilder configurationBuilder) =>
        ECommerceModel.ConfigureConventions(configurationBuilder);

    protected override void OnModelCreating(ModelBuilder modelBuilder) => ECommerceModel.Build(modelBuilder);
}
