namespace ECommerce.Benchmarks.Peers.Libraries;

/// <summary>What a node is started with; each library translates it into its own options.</summary>
/// <param name="Redis">The address of Redis, or of a proxy before it.</param>
internal sealed record NodeSettings(string Redis)
{
    /// <summary>How long an entry lives. Default 10 minutes.</summary>
    public TimeSpan Lifetime { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>
    /// After this time an entry is refreshed behind the reader. Default: never. HybridCache has no such setting.
    /// </summary>
    public TimeSpan? RefreshAfter { get; init; }

    /// <summary>
    /// After this time FusionCache serves an expired entry and lets the factory complete in the background.
    /// Default: never.
    /// </summary>
    public TimeSpan? SoftTimeout { get; init; }

    /// <summary>Whether L1 is skipped, so that every read goes to Redis. Default off.</summary>
    public bool SkipsL1 { get; init; }

    /// <summary>The clock of the node. Default the system's. FusionCache takes none.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Which way FusionCache does its work in Redis. The other two have no such choice.</summary>
    public Tuning Tuning { get; init; }
}

/// <summary>Whether callers of FusionCache wait for Redis and the backplane.</summary>
internal enum Tuning
{
    /// <summary>As the library is delivered: callers wait for Redis, not for the backplane.</summary>
    Default,

    /// <summary>Callers wait for neither: the fastest setting.</summary>
    Fast,

    /// <summary>Callers wait for both: the setting that drops values elsewhere as early as possible.</summary>
    Strict,
}
