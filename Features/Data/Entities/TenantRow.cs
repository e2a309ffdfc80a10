namespace ECommerce.Features.Data.Entities;

/// <summary>A row of one tenant with an id, which is unique over all tenants.</summary>
internal abstract class TenantRow<TId> : ITenantRow
{
    public Tenant Tenant { get; set; }

    public TId Id { get; set; } = default!;
}

/// <summary>
/// What most tables have: a version, a deletion mark, and the row of the shop that the row was imported from.
/// </summary>
internal abstract class Entity<TId> : TenantRow<TId>, IVersionedRow, IDeletableRow, IImportedRow
{
    public int? ShopId { get; set; }

    public long? OriginId { get; set; }

    /// <summary>
    /// Hash of the shop's values; null: the next full synchronisation compares the row again and restores the shop's
    /// values.
    /// </summary>
    public byte[]? OriginHash { get; set; }

    public long RowVersion { get; set; } = 1;

    public DateTime? DeletedAt { get; set; }
}
