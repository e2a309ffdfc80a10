using ECommerce.Caching.Diagnostics;

namespace ECommerce.Caching.Inspection;

/// <summary>The state of one key on one node.</summary>
/// <param name="Key">The key.</param>
/// <param name="Fault">Why nothing is kept under it, if that is so.</param>
/// <param name="DataKey">Of a response (<c>out:…</c>) the key of the data it shows; else the key itself.</param>
/// <param name="Policy">What governs it; null if nothing does.</param>
/// <param name="Memory">What the memory of this node has.</param>
/// <param name="Redis">What Redis has.</param>
/// <param name="Fill">Whether its value is just being made.</param>
/// <param name="Node">The reporting node.</param>
public sealed record KeyExplanation(
    string Key, KeyFault Fault, string DataKey, ExplainedPolicy? Policy, MemoryCopy Memory, RedisCopy Redis,
        ExplainedFill Fill, NodeState Node)
{
    /// <summary>About how often this node has read it in the last quarter of an hour; zero: rarely or never.</summary>
    public long Reads { get; init; }

    /// <summary>The last run of its factory on this node, if it is among the last 4096.</summary>
    public KeyFill? LastFill { get; init; }

    /// <summary>
    /// The last invalidation of one of its tags that this node knows of, if it is among the last 1024. The node that
    /// made it names the write.
    /// </summary>
    public KeyDrop? LastDrop { get; init; }
}

/// <summary>A policy as this node applies it.</summary>
/// <param name="Pattern">Its pattern; <c>(none)</c> for plain options.</param>
/// <param name="Fresh">How long values are fresh, without the jitter.</param>
/// <param name="Stale">How long after that they may still be served while they are refreshed.</param>
/// <param name="Sensitive">Whether values hold personal data.</param>
/// <param name="SingleFlight">Which callers share one run of a factory.</param>
/// <param name="Flag">What switches it off, if anything does.</param>
/// <param name="IsOn">Whether it is on.</param>
/// <param name="MayShare">Whether this node keeps its values in Redis: it is on, declared, and what is sensitive can be
/// encrypted.</param>
public sealed record ExplainedPolicy(
    string Pattern, TimeSpan Fresh, TimeSpan Stale, bool Sensitive, SingleFlightScope SingleFlight, string? Flag,
        bool IsOn, bool MayShare);

/// <summary>How the making of a value stands.</summary>
public enum FillState
{
    /// <summary>No fill runs on this node.</summary>
    None,

    /// <summary>A fill runs on this node, or waits here for the node that holds the lock.</summary>
    Running,

    /// <summary>A fill failed here within the negative window; a caller now gets its exception.</summary>
    Failed,
}

/// <summary>Whether a value is just being made.</summary>
/// <param name="Here">On this node.</param>
/// <param name="LockedFor">How long some node, this one perhaps, has the lock to make it for all, unless it is renewed;
/// null if none has.</param>
/// <param name="IsAwaited">Whether another node waits for the one that has the lock.</param>
public sealed record ExplainedFill(FillState Here, TimeSpan? LockedFor, bool IsAwaited);
