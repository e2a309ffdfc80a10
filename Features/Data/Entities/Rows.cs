namespace ECommerce.Features.Data.Entities;

/// <summary>A row of one tenant. Its key is (tenant, id), so that no row refers to another tenant's.</summary>
internal interface ITenantRow
{
    Tenant Tenant { get; set; }
}

/// <summary>A row with a version that moves with every write.</summary>
internal interface IVersionedRow
{
    long RowVersion { get; set; }
}

/// <summary>A row that is deleted by a mark.</summary>
internal interface IDeletableRow
{
    DateTime? DeletedAt { get; set; }
}

/// <summary>A row that may come from a shop.</summary>
internal interface IImportedRow : ITenantRow
{
    int? ShopId { get; set; }

    long? OriginId { get; set; }
}
