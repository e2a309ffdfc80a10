namespace ECommerce.Features.Data.Entities;

internal sealed class Brand : Entity<int>
{
    public string Name { get; set; } = "";

    public bool Active { get; set; }
}
