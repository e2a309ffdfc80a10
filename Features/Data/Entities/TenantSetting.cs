namespace ECommerce.Features.Data.Entities;

/// <summary>A setting that differs from its default. One that was reset is marked as deleted.</summary>
internal sealed class TenantSetting : TenantRow<int>, IVersionedRow, IDeletableRow
{
    public long RowVersion { get; set; } = 1;

    public string Name { get; set; } = "";

    /// <summary>The canonical text of the value; null for a secret.</summary>
    public string? Value { get; set; }

    /// <summary>Encrypted; null unless the setting is secret.</summary>
    public byte[]? SecretValue { get; set; }

    public DateTime ChangedAt { get; set; }

    public DateTime? DeletedAt { get; set; }
}
