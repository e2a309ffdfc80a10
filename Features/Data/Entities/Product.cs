namespace ECommerce.Features.Data.Entities;

internal sealed class Product : Entity<long>
{
    public string Name { get; set; } = "";

    public string? Reference { get; set; }

    public string? Ean13 { get; set; }

    public decimal Price { get; set; }

    public decimal VatRate { get; set; }

    public decimal WholesalePrice { get; set; }

    public decimal Weight { get; set; }

    public int Quantity { get; set; }

    public bool Active { get; set; }

    /// <summary>standard, pack, virtual or combinations, as the shop has it; null for a product of no shop.</summary>
    public string? ProductType { get; set; }

    /// <summary>The shop no longer has this product.</summary>
    public bool GoneInShop { get; set; }

    public int? CategoryId { get; set; }

    public int? BrandId { get; set; }

    public string? DescriptionShort { get; set; }

    public DateTime DateAdd { get; set; }

    public DateTime DateUpd { get; set; }

    public Category? Category { get; set; }

    public Brand? Brand { get; set; }

    public List<ProductCombination> Combinations { get; set; } = [];
}
