namespace ECommerce.Features.Data.Entities;

internal sealed class OrderState : Entity<int>
{
    public int? Number { get; set; }

    public string Name { get; set; } = "";

    public string? Color { get; set; }

    public bool Paid { get; set; }

    public bool Shipped { get; set; }

    public bool Invoice { get; set; }

    /// <summary>Orders in this state are sales.</summary>
    public bool Logable { get; set; }

    /// <summary>The goods are being prepared or have left.</summary>
    public bool Delivery { get; set; }
}
