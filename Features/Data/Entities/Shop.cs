namespace ECommerce.Features.Data.Entities;

internal sealed class Shop : TenantRow<int>, IVersionedRow
{
    public const int DefaultMaxExecutionSeconds = 60;

    public long RowVersion { get; set; } = 1;

    public string Name { get; set; } = "";

    public string BaseUrl { get; set; } = "";

    /// <summary>Encrypted.</summary>
    public byte[] ApiKey { get; set; } = [];

    public bool IsActive { get; set; }

    /// <summary>How the API key is sent: basic or query_key.</summary>
    public string AuthMode { get; set; } = ShopAuthModes.Basic;

    /// <summary>
    /// The zone of the shop's times, of the IANA database; null: the shop's own configuration names it.
    /// </summary>
    public string? TimeZone { get; set; }

    /// <summary>
    /// The time between two scheduled syncs; null: the default of the installation; 0: none is scheduled.
    /// </summary>
    public int? SyncIntervalSeconds { get; set; }

    /// <summary>When the next scheduled sync begins; null: the scheduler decides it.</summary>
    public DateTime? NextSyncAt { get; set; }
    /// <summary>The longest that one request goes on in the shop, also when its client is gone.</summary>
    public int MaxExecutionSeconds { get; set; } = DefaultMaxExecutionSeconds;

    /// <summary>The state of preparation that the shop names, by its id there; null until a sync has read it.</summary>
    public long? PreparationState { get; set; }
}
