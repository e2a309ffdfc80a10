namespace ECommerce.Features.Data.Entities;

/// <summary>
/// A variant of a product, as a size and a colour, with a stock and codes of its own. Its version is its product's.
/// </summary>
internal sealed class ProductCombination : Entity<long>
{
    public long ProductId { get; set; }

    public string? Reference { get; set; }

    public string? Ean13 { get; set; }

    /// <summary>Net, added to the price of the product; it may be negative.</summary>
    public decimal PriceImpact { get; set; }

    /// <summary>Added to the weight of the product.</summary>
    public decimal WeightImpact { get; set; }

    public int Quantity { get; set; }

    /// <summary>Whether the shop offers it first.</summary>
    public bool IsDefault { get; set; }

    /// <summary>The shop no longer has this combination.</summary>
    public bool GoneInShop { get; set; }
}
