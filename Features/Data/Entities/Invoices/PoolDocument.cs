namespace ECommerce.Features.Data.Entities.Invoices;

/// <summary>A document in a file of the pool. Texts that are too long for their columns are cut.</summary>
internal sealed class PoolDocument : TenantRow<long>
{
    public long EventId { get; set; }

    public string SdiId { get; set; } = "";

    /// <summary>In the file, from 1.</summary>
    public int Position { get; set; }

    /// <summary>TD01 and so on.</summary>
    public string DocumentType { get; set; } = "";

    public string Number { get; set; } = "";

    public DateOnly LocalDate { get; set; }

    public string SellerName { get; set; } = "";

    /// <summary>With the country: <c>IT01234567897</c>.</summary>
    public string? SellerVatNumber { get; set; }

    public string? SellerTaxCode { get; set; }

    public string BuyerName { get; set; } = "";

    public string? BuyerVatNumber { get; set; }

    public string? BuyerTaxCode { get; set; }

    public string Currency { get; set; } = CurrencyCodes.Default;

    public decimal Total { get; set; }

    public decimal TotalTaxable { get; set; }

    public decimal TotalTax { get; set; }
}
