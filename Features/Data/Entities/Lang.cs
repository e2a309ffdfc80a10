namespace ECommerce.Features.Data.Entities;

internal sealed class Lang : Entity<int>
{
    public string Name { get; set; } = "";

    public string IsoCode { get; set; } = "";

    public string? Locale { get; set; }

    public bool Active { get; set; }
}
