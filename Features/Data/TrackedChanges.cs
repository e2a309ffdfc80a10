using ECommerce.Features.Data.Entities;
using ECommerce.Features.Data.Entities.Invoices;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.ChangeTracking;

namespace ECommerce.Features.Data;

/// <summary>
/// The rows that one save writes: checked, with their versions moved and the tags of their old state added.
/// </summary>
internal sealed class TrackedChanges
{
    private readonly WriteTransaction _tx;
    private readonly object[] _kept;

    private TrackedChanges(WriteTransaction tx, object[] kept) => (_tx, _kept) = (tx, kept);

    public static async Task<TrackedChanges> CollectAsync(
        ECommerceDbContext db, WriteTransaction tx, CancellationToken ct)
    {
        db.ChangeTracker.DetectChanges();
        foreach (var entry in Changed(db))
            Check(db, tx, entry);
        foreach (var (type, id) in Changed(db).SelectMany(entry => RootsOf(tx, entry)).Distinct().ToArray())
            await MoveVersionAsync(db, tx, type, id, ct);

        OrderAudit.Record(db, tx);
        var changes = Changed(db);
        foreach (var entry in changes)
        {
            if (entry is { State: EntityState.Modified, Entity: IVersionedRow row } && tx.MovesVersion(row))
                entry.Property(nameof(IVersionedRow.RowVersion)).CurrentValue = row.RowVersion + 1;
            if (entry.State != EntityState.Added)
                tx.AddTagsOf(entry.OriginalValues.ToObject());
        }
        return new TrackedChanges(
            tx, [.. changes.Where(entry => entry.State != EntityState.Deleted).Select(entry => entry.Entity)]);
    }

    /// <summary>After the save: a new row has its id only now.</summary>
    public void AddTagsOfNewState()
    {
        foreach (var row in _kept)
            _tx.AddTagsOf(row);
    }

    private static EntityEntry[] Changed(ECommerceDbContext db) =>
        [.. db.ChangeTracker.Entries().Where(
            entry => entry.State is EntityState.Added or EntityState.Modified or EntityState.Deleted)];

    private static void Check(ECommerceDbContext db, WriteTransaction tx, EntityEntry entry)
    {
        var name = entry.Metadata.ClrType.Name;
        if (entry.State != EntityState.Added && !tx.IsLocked(entry.Entity))
        {
            throw new InvalidOperationException(
                $"This {name} was not read in the write transaction with ForUpdate(), so it cannot be changed.");
        }

        if (entry.Entity is ITenantRow row && row.Tenant != db.Tenant)
            throw new InvalidOperationException($"A {name} of {row.Tenant} cannot be written for {db.Tenant}.");
        if (entry.Entity is not ITenantRow)
            throw new InvalidOperationException($"A {name} belongs to no tenant and is not written here.");
    }

    // As the row was and as it is: a line that is moved changes both orders.
    private static IEnumerable<(Type Type, long Id)> RootsOf(WriteTransaction tx, EntityEntry entry)
    {
        IEnumerable<object> states = entry.State switch
        {
            EntityState.Added => [entry.Entity],
            EntityState.Deleted => [entry.OriginalValues.ToObject()],
            _ => [entry.OriginalValues.ToObject(), entry.Entity],
        };
        return states.SelectMany(tx.Rules.RootsOf);
    }

    private static async Task MoveVersionAsync(
        ECommerceDbContext db, WriteTransaction tx, Type type, long id, CancellationToken ct)
    {
        var root = db.ChangeTracker.Entries().FirstOrDefault(
            entry => entry.Metadata.ClrType == type && entry.Entity is TenantRow<long> row && row.Id == id);
        if (root is null)
        {
            object? found = type == typeof(Order) ? await FindAsync<Order>()
                : type == typeof(Product) ? await FindAsync<Product>()
                : type == typeof(Quote) ? await FindAsync<Quote>()
                : type == typeof(Invoice) ? await FindAsync<Invoice>()
                : throw new NotSupportedException($"{type.Name} is no root that can be loaded.");
            // A new root has no id before it is saved, and no version to move.
            if (found is null)
                return;
            root = db.Entry(found);
        }
        if (root.State == EntityState.Unchanged && root.Entity is IVersionedRow versioned && tx.MovesVersion(versioned))
            root.Property(nameof(IVersionedRow.RowVersion)).CurrentValue = versioned.RowVersion + 1;

        Task<TRow?> FindAsync<TRow>()
            where TRow : TenantRow<long> =>
            db.Rows<TRow>().Where(row => row.Id == id).ForUpdate().SingleOrDefaultAsync(ct);
    }
}
