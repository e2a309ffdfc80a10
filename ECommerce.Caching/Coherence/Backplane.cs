using System.Globalization;
using ECommerce.Caching.Diagnostics;
using ECommerce.Caching.Memory;
using ECommerce.Caching.Redis;
using ECommerce.Caching.SingleFlight;
using ECommerce.Caching.Tags;
using Microsoft.Extensions.Hosting;
using StackExchange.Redis;

namespace ECommerce.Caching.Coherence;

/// <summary>
/// Carries invalidations between nodes by publish and subscribe, and knows which nodes there are.
/// </summary>
/// <remarks>
/// <para>Publish and subscribe loses what is sent while a connection is down, and a client may be left unsubscribed without noticing. So messages
/// are numbered and kept in a short log, and every node sends itself a heartbeat through its own subscription, with the number of the last
/// message: a node that misses one reads the log, and if that does not reach back far enough it drops its memory.</para>
/// <para>The lease: memory is served with full lifetimes only until two seconds after the sending of the last heartbeat that came back without a
/// gap. The sending, not the arrival: the registration that others see is renewed in between, so it always ends after the lease does, and a
/// writer who no longer sees a node need not wait for it.</para>
/// </remarks>
internal sealed class Backplane(
    IConnectionMultiplexer redis, ConnectionMonitor watch, RedisTopology masters, TagTable tags, HighWaterMark sequence, FillSignals flights, BackplaneCommands directives, CacheClock clock,
    CacheLog log, CacheSettings settings, TimeProvider time) : BackgroundService
{
    private const string ChannelName = "cache:backplane";
    private const string Heartbeat = "heartbeat";
    private const long LeaseMilliseconds = 2000;
    private const long RegistrationMilliseconds = 3000;
    private const int LogLength = 512;
    private static readonly RedisChannel Channel = RedisChannel.Literal(ChannelName);
    private static readonly RedisChannel FillChannel = RedisChannel.Literal(RedisLayer.FillChannel);
    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(500);

    private readonly Acknowledgements _acknowledgements = new();
    private readonly TaskCompletionSource _firstHeartbeat = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lock _order = new();
    private long _leaseUntil;
    private long _subscribedAt = long.MinValue / 2;
    private long _lastIndex = -1;
    private long _countsFrom;
    private readonly SortedSet<long> _ahead = [];
    private HeartbeatMessage? _waiting;
    private long _followedFrom;
    private bool _silenceSaid;

    /// <summary>This process among the nodes.</summary>
    public string Node { get; } = Guid.NewGuid().ToString("N")[..12];

    /// <summary>Until when memory may be served with full lifetimes, in the clock's milliseconds.</summary>
    public long LeaseUntil => Volatile.Read(ref _leaseUntil);

    /// <summary>
    /// While the lease lasts: the highest number Redis had issued when this node began to follow the messages, without a gap since. It knows of every
    /// invalidation that what was read after that number could be in conflict with. Zero: it does not follow.
    /// </summary>
    public long FollowedFrom => clock.Now < LeaseUntil ? Volatile.Read(ref _followedFrom) : 0;

    /// <summary>Raised when this very node has noticed that Redis forgot something.</summary>
    public event Action? GenerationRaised;

    /// <summary>Raised when this node begins to follow: what was announced before, it has not heard.</summary>
    public event Action? Joined;

    /// <summary>Completes when the first heartbeat has come back: from then on this node hears the others, and trusts Redis.</summary>
    public Task Listening => _firstHeartbeat.Task;

    /// <summary>Tells the other nodes, and waits until all that are alive have applied it.</summary>
    public async Task<InvalidationOutcome> PublishAsync(IReadOnlyCollection<string> dropped, long version)
    {
        var id = _acknowledgements.Expect();
        try
        {
            var call = redis.GetDatabase().ScriptEvaluateAsync(
                ClusterScripts.Publish,
                [ClusterScripts.IndexKey, ClusterScripts.LogKey, ClusterScripts.NodesKey],
                [Node, id, version, string.Join('\n', dropped), ChannelName, LogLength]);
            var nodes = (string[])(await call.WaitAsync(settings.RedisTimeout).ConfigureAwait(false))!;
            return await AcknowledgedAsync(id, nodes).ConfigureAwait(false);
        }
        finally
        {
            _acknowledgements.Forget(id);
        }
    }

    /// <summary>
    /// Draws a number, raises the versions of the tags and tells the other nodes, all at once; then waits as <see cref="PublishAsync"/> does. The
    /// action is given the number as soon as it is there.
    /// </summary>
    public async Task<InvalidationOutcome> InvalidateAsync(RedisLayer redis, IReadOnlyCollection<string> dropped, Action<long> raised)
    {
        var id = _acknowledgements.Expect();
        try
        {
            var nodes = await redis.InvalidateAsync(dropped, Node, id, ChannelName, LogLength).ConfigureAwait(false);
            raised(Number(nodes[0]));
            return await AcknowledgedAsync(id, nodes.Skip(1)).ConfigureAwait(false);
        }
        finally
        {
            _acknowledgements.Forget(id);
        }
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken).ConfigureAwait(false);
        Volatile.Write(ref _leaseUntil, 0);
        try
        {
            // Nobody waits for a node that has said good-bye.
            await redis.GetDatabase().SortedSetRemoveAsync(ClusterScripts.NodesKey, Node).WaitAsync(settings.RedisTimeout, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (RedisFailure.Is(exception))
        {
            // The registration ends by itself.
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        watch.SubscriptionCut += EndLease;
        using var timer = new PeriodicTimer(Period, time);
        try
        {
            do
            {
                await BeatAsync().ConfigureAwait(false);
            }
            while (await timer.WaitForNextTickAsync(stoppingToken).ConfigureAwait(false));
        }
        catch (OperationCanceledException)
        {
            // The process stops.
        }
        finally
        {
            watch.SubscriptionCut -= EndLease;
        }
    }

    private async Task BeatAsync()
    {
        try
        {
            await SubscribeIfSilentAsync().ConfigureAwait(false);
            var epoch = watch.Epoch;
            var run = settings.Faults.NoGeneration ? "any" : await masters.IdentityAsync().WaitAsync(Period).ConfigureAwait(false);
            var sentAt = clock.Now;
            var call = redis.GetDatabase().ScriptEvaluateAsync(
                ClusterScripts.Beat,
                [ClusterScripts.SequenceKey, ClusterScripts.GenerationKey, ClusterScripts.RunKey, ClusterScripts.NodesKey, ClusterScripts.IndexKey],
                [Node, RegistrationMilliseconds, ChannelName, sentAt, settings.Faults.NoGeneration ? 0 : sequence.Last, NeedsNumber ? 1 : 0, run]);
            var answer = (string[])(await call.WaitAsync(Period).ConfigureAwait(false))!;
            sequence.Observe(Number(answer[0]));
            // First the generation, then the trust: what memory took from a Redis that has forgotten since goes.
            var generation = Number(answer[1]);
            var isNews = generation > tags.Everything.Version;
            tags.Learn(tags.Everything, generation);
            if (isNews)
                CountAnew(sentAt);
            watch.Verified(epoch);
            SayListening();
            if (answer[3] == "1")
                GenerationRaised?.Invoke();
        }
        catch (Exception exception) when (RedisFailure.Is(exception))
        {
            // Without Redis there is no heartbeat, and without heartbeats the lease ends by itself.
        }
    }

    // What is made under the very number from which this node follows could have been made before: until the next one nothing is known to be followed.
    private bool NeedsNumber => FollowedFrom is var from && (from == 0 || sequence.Last <= from);

    private async Task<InvalidationOutcome> AcknowledgedAsync(string id, IEnumerable<string> nodes) =>
        await _acknowledgements.WaitAsync(id, nodes.Where(node => node != Node), settings.AcknowledgementTimeout, time).ConfigureAwait(false)
            ? InvalidationOutcome.Applied
            : InvalidationOutcome.Deferred;

    private async Task SubscribeIfSilentAsync()
    {
        var now = clock.Now;
        if (now < LeaseUntil || now - _subscribedAt <= LeaseMilliseconds)
            return;
        if (_subscribedAt != long.MinValue / 2 && !_silenceSaid)
        {
            _silenceSaid = true;
            log.BackplaneLost();
        }
        var subscriber = redis.GetSubscriber();
        // The client may believe it is subscribed where the server knows nothing of it: only leaving and entering again makes it ask.
        await subscriber.UnsubscribeAsync(Channel).WaitAsync(Period).ConfigureAwait(false);
        await subscriber.UnsubscribeAsync(AcknowledgementChannel(Node)).WaitAsync(Period).ConfigureAwait(false);
        await subscriber.UnsubscribeAsync(FillChannel).WaitAsync(Period).ConfigureAwait(false);
        await subscriber.SubscribeAsync(FillChannel, (_, text) => ReceiveEnded(text)).WaitAsync(Period).ConfigureAwait(false);
        await subscriber.SubscribeAsync(AcknowledgementChannel(Node), (_, text) => ReceiveAcknowledgement(text)).WaitAsync(Period).ConfigureAwait(false);
        await subscriber.SubscribeAsync(Channel, (_, text) => Receive(text)).WaitAsync(Period).ConfigureAwait(false);
        // Only now: an attempt that failed is made again with the next heartbeat.
        _subscribedAt = now;
    }

    private void EndLease() => Volatile.Write(ref _leaseUntil, 0);

    private static RedisChannel AcknowledgementChannel(string node) => RedisChannel.Literal("cache:acknowledge:" + node);

    private void ReceiveAcknowledgement(string? text)
    {
        if (text?.Split('\n') is [var id, var node])
            _acknowledgements.Receive(id, node);
    }

    private void Receive(string? text)
    {
        if (text?.Split('\n') is [var node, Heartbeat, var index, var sentAt, var issued])
        {
            if (node == Node)
                ReceiveHeartbeat(new HeartbeatMessage(Number(index), Number(sentAt), Number(issued)));
        }
        else if (BackplaneMessage.TryParse(text, out var message))
        {
            ReceiveInvalidation(message);
        }
    }

    private void ReceiveEnded(string? key)
    {
        if (string.IsNullOrEmpty(key))
            return;
        var (ended, withValue) = RedisLayer.ParseEnded(key);
        flights.Ended(ended, withValue);
    }

    // Messages and heartbeats may be handled in another order than they were sent: only their numbers say what is missing.
    private void ReceiveInvalidation(in BackplaneMessage message)
    {
        lock (_order)
        {
            Apply(message);
            _ahead.Add(message.Index);
            Advance_NeedsLock();
        }
        // After it was applied, gap or not: this very message is in force here.
        if (message.Node != Node)
            redis.GetDatabase().Publish(AcknowledgementChannel(message.Node), $"{message.Id}\n{Node}", CommandFlags.FireAndForget);
    }

    private void ReceiveHeartbeat(HeartbeatMessage heartbeat)
    {
        sequence.Observe(heartbeat.Sequence);
        lock (_order)
        {
            if (_lastIndex < 0)
            {
                // The first one, or the first of another Redis: nothing connects what we have with what it tells.
                LoseTrack_NeedsLock();
                _ahead.Clear();
                (_lastIndex, _countsFrom) = (heartbeat.Index, heartbeat.SentAt);
            }
            if (heartbeat.Index <= _lastIndex)
            {
                Renew_NeedsLock(heartbeat);
                return;
            }
            var isMissing = _waiting is { } earlier && earlier.Index > _lastIndex;
            _waiting = heartbeat;
            // Only overtaken, perhaps: what is still missing when the next heartbeat comes is lost.
            if (!isMissing)
                return;
        }
        _ = CatchUpAsync();
    }

    private void Advance_NeedsLock()
    {
        if (_lastIndex < 0)
            return;
        while (_ahead.Remove(_lastIndex + 1))
            _lastIndex++;
        _ahead.RemoveWhere(index => index <= _lastIndex);
        if (_waiting is { } heartbeat && heartbeat.Index <= _lastIndex)
        {
            _waiting = null;
            Renew_NeedsLock(heartbeat);
        }
    }

    private void Apply(in BackplaneMessage message)
    {
        if (message.Node == Node)
            return;
        sequence.Observe(message.Version);
        foreach (var tag in message.Tags)
        {
            if (!directives.TryApply(tag, message.Version))
                tags.Drop(tag, message.Version);
        }
    }

    private void Renew_NeedsLock(in HeartbeatMessage heartbeat)
    {
        if (clock.Now >= LeaseUntil)
        {
            // Nothing was missed, or the log has told it; but what was read meanwhile may have been read from the past of a cut connection.
            LoseTrack_NeedsLock();
            if (_silenceSaid)
                log.BackplaneRestored();
            _silenceSaid = false;
        }
        Volatile.Write(ref _leaseUntil, heartbeat.SentAt + LeaseMilliseconds);
        if (_followedFrom == 0)
        {
            Volatile.Write(ref _followedFrom, heartbeat.Sequence);
            Joined?.Invoke();
        }
        SayListening();
    }

    private void LoseTrack_NeedsLock()
    {
        Volatile.Write(ref _followedFrom, 0);
        tags.DropAll();
    }

    private static long Number(string text) => long.Parse(text, CultureInfo.InvariantCulture);

    // The heartbeat and the answer of the script that sent it come by two connections, in either order.
    private void SayListening()
    {
        if (watch.IsTrusted && clock.Now < LeaseUntil)
            _firstHeartbeat.TrySetResult();
    }

    /// <summary>Everything was invalidated, perhaps because Redis forgot: its numbers may begin anew too.</summary>
    private void CountAnew(long toldBy)
    {
        lock (_order)
        {
            // The heartbeat of the very script that told it was faster than the answer: from that one on it is this Redis that counts.
            if (_lastIndex >= 0 && _countsFrom >= toldBy)
                return;
            _lastIndex = -1;
            _waiting = null;
            _ahead.Clear();
        }
    }

    /// <summary>Messages were missed: the lease is not renewed until the log has told what they were. If it can, memory stays.</summary>
    private async Task CatchUpAsync()
    {
        try
        {
            var lines = await redis.GetDatabase().ListRangeAsync(ClusterScripts.LogKey).WaitAsync(settings.RedisTimeout).ConfigureAwait(false);
            lock (_order)
            {
                var missed = lines.Select(line => BackplaneMessage.TryParse(line, out var message) ? message : default)
                    .Where(message => message.Index > _lastIndex).OrderBy(message => message.Index).ToArray();
                if (_lastIndex < 0 || missed.Length == 0 || missed[0].Index != _lastIndex + 1)
                    LoseTrack_NeedsLock();
                foreach (var message in missed)
                    Apply(message);
                // Where the log is empty, as after a flush, the heartbeat itself says from where on to count.
                _lastIndex = missed.Length > 0 ? missed[^1].Index : _waiting?.Index ?? -1;
                Advance_NeedsLock();
            }
        }
        catch (Exception exception) when (RedisFailure.Is(exception))
        {
            // The next heartbeat shows the same gap and tries again.
        }
    }
}
