namespace ECommerce.Caching;

/// <summary>Who shares one run of a factory: all callers on all nodes (default), or those of one process.</summary>
public enum SingleFlightScope
{
    /// <summary>All callers on all nodes.</summary>
    Cluster = 0,

    /// <summary>The callers of one process.</summary>
    Process = 1,
}
