namespace ECommerce.Benchmarks.Peers.Output;

/// <summary>What keeps the responses of a site.</summary>
internal enum OutputStore
{
    /// <summary>ECommerce.Caching: L1 and Redis.</summary>
    Ours,

    /// <summary>ASP.NET Core's output cache with its memory store.</summary>
    Memory,

    /// <summary>ASP.NET Core's output cache with Microsoft's Redis store.</summary>
    Redis,
}

/// <summary>How the stores are called in tables.</summary>
internal static class OutputStores
{
    public static readonly OutputStore[] All = Enum.GetValues<OutputStore>();

    public static string Name(this OutputStore store) => store switch
    {
        OutputStore.Ours => "ours",
        OutputStore.Memory => "in-box, memory",
        _ => "in-box, Redis",
    };
}
