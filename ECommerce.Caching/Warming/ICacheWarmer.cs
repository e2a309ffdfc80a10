namespace ECommerce.Caching.Warming;

/// <summary>
/// Fills the memory of this node before requests need it; implemented by the application, which knows how its values
/// are read. Optional: where one is registered, <see cref="Administration.ICacheAdministration"/> can start it on every
/// node, and the statistics of a node show how far it is.
/// </summary>
public interface ICacheWarmer
{
    /// <summary>The present or last run.</summary>
    WarmingProgress Progress { get; }

    /// <summary>Starts a run, or makes it the next one if one is going on. Returns without waiting for it.</summary>
    /// <param name="tenant">Whose values; null: those of all tenants.</param>
    /// <returns>The state of that run; <see cref="WarmingProgress.Run"/> is its number.</returns>
    WarmingProgress Begin(string? tenant);
}

/// <summary>How a run of warming stands.</summary>
public enum WarmingState
{
    /// <summary>It has not begun: a run before it is going on, or the node receives no invalidations yet.</summary>
    Waiting,

    /// <summary>Values are being read.</summary>
    Running,

    /// <summary>It is over.</summary>
    Done,

    /// <summary>Warming is switched off, or the node keeps nothing in memory.</summary>
    Off,
}

/// <summary>How far the warming of a node is.</summary>
/// <param name="Node">The node.</param>
/// <param name="Run">The number of the run on this node; the one at its start is 1.</param>
/// <param name="State">How it stands.</param>
/// <param name="Tenant">Whose values; null: those of all tenants.</param>
/// <param name="Total">How many reads it consists of; zero until that is known.</param>
/// <param name="Done">How many of them have ended.</param>
/// <param name="Failed">How many of those failed.</param>
/// <param name="Elapsed">How long it has taken so far, or in all.</param>
public sealed record WarmingProgress(
    string Node, long Run, WarmingState State, string? Tenant, int Total, int Done, int Failed, TimeSpan Elapsed);
