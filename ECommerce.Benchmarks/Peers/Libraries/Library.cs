namespace ECommerce.Benchmarks.Peers.Libraries;

/// <summary>A library under test, and which of the probed features it has at all.</summary>
internal sealed record Library(string Name, Func<NodeSettings, Task<ICacheNode>> StartAsync)
{
    public static readonly Library Ours = new("ours", OurNode.StartAsync)
    {
        TakesClock = true,
        RefreshesBehind = true,
        LimitsValueSize = true,
    };

    public static readonly Library Fusion = new("FusionCache 2.9.0", FusionNode.StartAsync)
    {
        RefreshesBehind = true,
        HasSoftTimeout = true,
    };

    public static readonly Library Microsoft = new("HybridCache 10.11.0", MicrosoftNode.StartAsync)
    {
        TakesClock = true,
        LimitsValueSize = true,
    };

    public static readonly Library[] All = [Ours, Fusion, Microsoft];

    /// <summary>Whether time comes from a TimeProvider, so that a probe can set a node's clock.</summary>
    public bool TakesClock { get; private init; }

    /// <summary>Whether an entry can be refreshed behind its readers before it expires.</summary>
    public bool RefreshesBehind { get; private init; }

    /// <summary>Whether a factory can be left behind in favour of an expired value.</summary>
    public bool HasSoftTimeout { get; private init; }

    /// <summary>Whether values above a size (1 MiB by default) are not cached.</summary>
    public bool LimitsValueSize { get; private init; }
}
