namespace ECommerce.Features.Data.Entities;

internal sealed class Country : Entity<int>
{
    public string Name { get; set; } = "";

    public string IsoCode { get; set; } = "";

    public bool Active { get; set; }
}
