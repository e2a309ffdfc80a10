namespace ECommerce.Caching;

/// <summary>Which callers share one run of a factory.</summary>
public enum SingleFlightScope
{
    /// <summary>All callers of a key on all nodes, as long as its values may stand in Redis.</summary>
    Cluster,

    /// <summary>All callers of a key in one process.</summary>
    Process,
}
