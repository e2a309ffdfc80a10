using System.Threading.Channels;

namespace ECommerce.Caching.Diagnostics;

/// <summary>Something that happened to the caches, as this node learned of it.</summary>
public abstract record CacheEvent(DateTimeOffset At);

/// <summary>Tags were invalidated, by this node or another one.</summary>
/// <param name="At">When this node dropped them.</param>
/// <param name="Tags">The tags.</param>
/// <param name="IsLocal">Whether this node invalidated them.</param>
public sealed record TagsInvalidated(DateTimeOffset At, IReadOnlyList<string> Tags, bool IsLocal) : CacheEvent(At);

/// <summary>The circuit breaker of a dependency changed its state on this node.</summary>
/// <param name="At">When it did.</param>
/// <param name="Dependency">What it guards: <c>redis</c>.</param>
/// <param name="State">The new state.</param>
public sealed record CircuitChanged(DateTimeOffset At, string Dependency, CircuitState State) : CacheEvent(At);

/// <summary>
/// What happens to the caches, as it happens, for those that watch. A subscriber that is too slow loses the oldest
/// events; nothing waits for it.
/// </summary>
public sealed class CacheEvents
{
    /// <summary>How many events a subscriber may be behind.</summary>
    private const int MaxBehind = 256;

    private readonly Lock _lock = new();
    private readonly TimeProvider _time;

    // Replaced, never changed: publishing takes no lock, and without subscribers one comparison.
    private volatile Channel<CacheEvent>[] _subscribers = [];

    internal CacheEvents(TimeProvider time)
    {
        _time = time;
        Recent = new RecentChanges(time);
    }

    /// <summary>What happened lately, subscribers or not.</summary>
    internal RecentChanges Recent { get; }

    /// <summary>Begins to receive events.</summary>
    public CacheSubscription Subscribe()
    {
        var channel = Channel.CreateBounded<CacheEvent>(
            new BoundedChannelOptions(MaxBehind) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true });
        lock (_lock)
            _subscribers = [.. _subscribers, channel];
        return new CacheSubscription(channel.Reader, () => Leave(channel));
    }

    internal void Invalidated(IReadOnlyCollection<string> tags, bool isLocal)
    {
        if (tags.Count == 0)
            return;
        Recent.Dropped(tags, isLocal);
        if (_subscribers is { Length: > 0 } subscribers)
            Publish(subscribers, new TagsInvalidated(_time.GetUtcNow(), [.. tags], isLocal));
    }

    internal void Changed(string dependency, CircuitState state)
    {
        if (_subscribers is { Length: > 0 } subscribers)
            Publish(subscribers, new CircuitChanged(_time.GetUtcNow(), dependency, state));
    }

    private static void Publish(Channel<CacheEvent>[] subscribers, CacheEvent one)
    {
        foreach (var subscriber in subscribers)
            subscriber.Writer.TryWrite(one);
    }

    private void Leave(Channel<CacheEvent> channel)
    {
        lock (_lock)
            _subscribers = Array.FindAll(_subscribers, other => other != channel);
    }
}

/// <summary>The events that one subscriber receives, until it is disposed.</summary>
public sealed class CacheSubscription : IDisposable
{
    private readonly Action _leave;

    internal CacheSubscription(ChannelReader<CacheEvent> reader, Action leave) => (Reader, _leave) = (reader, leave);

    /// <summary>The events, oldest first. It never completes.</summary>
    public ChannelReader<CacheEvent> Reader { get; }

    /// <inheritdoc/>
    public void Dispose() => _leave();
}
