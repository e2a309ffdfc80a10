namespace ECommerce.Features.Data.Overload;

/// <summary>The keys of the data sources.</summary>
internal static class DatabasePools
{
    /// <summary>The sessions of requests, refreshes and syncs, in front of which the gate stands.</summary>
    public const string Requests = "ecommerce";

    /// <summary>
    /// A few sessions outside the gate, for what must work under any load: the renewal of locks, the outbox, the
    /// announcements of partitioned nodes, health checks and migrations.
    /// </summary>
    public const string Background = "ecommerce-background";
}
