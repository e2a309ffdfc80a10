namespace ECommerce.Features.Data.Entities;

internal sealed class OrderState : Entity<int>
{
    public int? Number { get; set; }

    public string Name { get; set; } = "";

    public string? Color { get; set; }

    public bool Paid { get; set; }

    public bool Shipped { get; set; }

    public bool Invoice { get; set; }
}
