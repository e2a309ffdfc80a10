namespace ECommerce.Features.Data.Entities;

internal sealed class Category : Entity<int>
{
    public int? ParentId { get; set; }

    public long? OriginParentId { get; set; }

    public string Name { get; set; } = "";

    public bool Active { get; set; }
}
