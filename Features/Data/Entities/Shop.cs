namespace ECommerce.Features.Data.Entities;

internal sealed class Shop : TenantRow<int>, IVersionedRow
{
    public long RowVersion { get; set; } = 1;

    public string Name { get; set; } = "";

    public string BaseUrl { get; set; } = "";

    /// <summary>Encrypted.</summary>
    public byte[] ApiKey { get; set; } = [];

    public bool IsActive { get; set; }
}
