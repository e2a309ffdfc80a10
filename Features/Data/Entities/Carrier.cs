namespace ECommerce.Features.Data.Entities;

internal sealed class Carrier : Entity<int>
{
    public long? OriginReference { get; set; }

    public string Name { get; set; } = "";

    public string? Url { get; set; }

    public bool IsFree { get; set; }

    public bool Active { get; set; }
}
