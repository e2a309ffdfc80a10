using ECommerce.Caching.Diagnostics;
using ECommerce.Caching.Memory;
using ECommerce.Caching.Redis;
using ECommerce.Caching.SingleFlight;
using ECommerce.Caching.Tags;
using Microsoft.Extensions.Hosting;

namespace ECommerce.Caching.Coherence;

/// <summary>Carries invalidations between nodes by publish and subscribe, and knows which nodes there are.</summary>
/// <remarks>
/// <para>Publish and subscribe loses what is sent while a connection is down, and a client may be unsubscribed without
/// noticing. Therefore messages are numbered and kept in a short log, and every node sends itself a heartbeat through
/// its own subscription, with the number of the last message. A node that misses a message reads the log; if the log
/// does not reach back far enough, the node drops its L1.</para>
/// <para>A heartbeat renews the lease (<see cref="NodeLease"/>) from when it was sent, not from when it arrived: the
/// registration that writers see is renewed in between and so ends after the lease. A writer that no longer sees a node
/// need not wait for it. Its script first does what an invalidation does, so a Redis that would refuse one (memory
/// full, read-only, a missing right) renews no lease either.</para>
/// <para>Whatever Redis or a message holds is bounded and checked; a message that cannot be one of ours may be the
/// remains of an invalidation, so L1 is dropped.</para>
/// </remarks>
internal sealed partial class Backplane(
    BackplaneTransport transport, NodeLease lease, ConnectionMonitor connection, RedisTopology topology, TagTable tags,
    HighWaterMark numbers, FillSignals fills, BackplaneCommands commands, Announcements announcements,
    RedisRefusals refusals, CacheEvents events, CacheClock clock, CacheLog log, CacheSettings settings,
    TimeProvider time)
    : BackgroundService
{
    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(500);

    private readonly Acknowledgements _acknowledgements = new();
    private readonly TaskCompletionSource _firstHeartbeat = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly MessageOrder _order = new();
    private readonly Lock _orderLock = new();
    private long _subscribedAt = long.MinValue / 2;
    private readonly FailureLog _failures = new(log, "The backplane");
    private bool _silenceLogged;

    // How often in succession the log had messages that the subscription did not bring.
    private int _catchUps;

    /// <summary>This process among the nodes.</summary>
    public string Node => transport.Node;

    /// <inheritdoc cref="NodeLease.Until"/>
    public long LeaseUntil => lease.Until;

    /// <inheritdoc cref="NodeLease.FollowedFrom"/>
    public long FollowedFrom => lease.FollowedFrom;

    /// <summary>Raised when this node has found that Redis lost data.</summary>
    public event Action? GenerationRaised;

    /// <summary>Raised when this node begins to follow the messages: earlier ones may be unknown here.</summary>
    public event Action? Joined;

    /// <summary>
    /// Completes with the first heartbeat that came back: from then on this node receives messages and trusts Redis.
    /// </summary>
    public Task Listening => _firstHeartbeat.Task;

    /// <summary>Publishes to the other nodes and waits until all live ones have applied it.</summary>
    public async Task<InvalidationOutcome> PublishAsync(IReadOnlyCollection<string> dropped, long version)
    {
        var id = NewId();
        _acknowledgements.Expect(id);
        try
        {
            var nodes = await transport.PublishAsync(id, version, dropped).ConfigureAwait(false);
            return await AcknowledgedAsync(id, nodes).ConfigureAwait(false);
        }
        finally
        {
            _acknowledgements.Forget(id);
        }
    }

    /// <summary>
    /// Sends a command that every other live node answers: the answers by node, null where none came in time.
    /// </summary>
    /// <param name="command">The command with the number of the question (<see cref="Answer"/>).</param>
    /// <param name="version">A drawn number.</param>
    /// <param name="patience">For how long to wait.</param>
    public async Task<IReadOnlyDictionary<string, string?>> AskAsync(
        Func<string, string> command, long version, TimeSpan patience)
    {
        var id = NewId();
        _acknowledgements.Expect(id);
        try
        {
            // The message has a number of its own, which is acknowledged before there is an answer.
            var nodes = await transport.PublishAsync(NewId(), version, [command(id)]).ConfigureAwait(false);
            var others = Array.FindAll(nodes, node => node != Node);
            _ = await _acknowledgements.WaitAsync(id, others, patience, time).ConfigureAwait(false);
            return others.ToDictionary(
                static node => node, node => _acknowledgements.AnswerOf(node, id), StringComparer.Ordinal);
        }
        finally
        {
            _acknowledgements.Forget(id);
        }
    }

    /// <summary>Answers a question of another node.</summary>
    public void Answer(string node, string id, string answer) => transport.Answer(node, id, answer);

    /// <summary>A number for a message of this node.</summary>
    public string NewId() => _acknowledgements.NewId();

    /// <summary>
    /// Draws a number, raises the versions of the tags and publishes, in one round trip; then waits as
    /// <see cref="PublishAsync"/> does. The action receives the number as soon as it is known.
    /// </summary>
    public Task<InvalidationOutcome> InvalidateAsync(
        RedisLayer redis, IReadOnlyCollection<string> dropped, Action<long> raised)
    {
        var id = NewId();
        return InvalidateAsync(redis, new Invalidation(dropped, id, AcknowledgedAs: id), raised);
    }

    /// <summary>
    /// The same before a commit: acknowledged by a node, the tags count there as dropped until the announcement ends.
    /// </summary>
    public Task<InvalidationOutcome> AnnounceAsync(
        RedisLayer redis, IReadOnlyCollection<string> dropped, Action<long> raised, string announcement) =>
        InvalidateAsync(
            redis,
            new Invalidation(
                dropped, BackplaneMessage.AnnouncingId(announcement), BackplaneMessage.InForceId(announcement),
                Named(announcement, dropped), Announcements.Milliseconds),
            raised);

    /// <summary>
    /// The same after it. Where every node has acknowledged the announcement, none is waited for: each has dropped the
    /// tags and stores nothing of them before it applies this message or, if that is lost, until the announcement has
    /// ended by itself.
    /// </summary>
    public Task<InvalidationOutcome> CompleteAsync(
        RedisLayer redis, IReadOnlyCollection<string> dropped, Action<long> raised, string announcement, bool isInForce)
    {
        var id = isInForce ? BackplaneMessage.EndingId(announcement) : BackplaneMessage.CompletingId(announcement);
        return InvalidateAsync(
            redis, new Invalidation(dropped, id, isInForce ? null : id, Named(announcement, dropped)), raised);
    }

    private async Task<InvalidationOutcome> InvalidateAsync(
        RedisLayer redis, Invalidation message, Action<long> raised)
    {
        if (message.AcknowledgedAs is { } expected)
            _acknowledgements.Expect(expected);
        try
        {
            var result = await redis.InvalidateAsync(message, Node, BackplaneTransport.LogLength).ConfigureAwait(false);
            raised(BackplaneTransport.Number(result[0]));
            return await AcknowledgedAsync(message.AcknowledgedAs, result[1..]).ConfigureAwait(false);
        }
        finally
        {
            if (message.AcknowledgedAs is { } id)
                _acknowledgements.Forget(id);
        }
    }

    // As a node reads it that joins meanwhile.
    private string Named(string announcement, IEnumerable<string> dropped) =>
        string.Join(Announcements.Separator, [Node, announcement, .. dropped]);

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken).ConfigureAwait(false);
        lease.End();
        try
        {
            await transport.LeaveAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (RedisFailure.Is(exception))
        {
            // The registration expires by itself.
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        connection.SubscriptionCut += lease.End;
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
            connection.SubscriptionCut -= lease.End;
        }
    }

    private async Task BeatAsync()
    {
        try
        {
            await SubscribeIfSilentAsync().ConfigureAwait(false);
            var epoch = connection.Epoch;
            var ignoresReplacement = settings.Faults.NoGeneration;
            var run = ignoresReplacement ? "any"
                : await topology.IdentityAsync().WaitAsync(Period).ConfigureAwait(false);
            var sentAt = clock.Now;
            var state = ignoresReplacement ? default
                : new NodeState(numbers.Last, LastApplied, _firstHeartbeat.Task.IsCompleted && !lease.IsHeld);
            var (sequence, generation, limit, wasRaised) = await transport.BeatAsync(
                sentAt, state, NeedsNumber, run, Period).ConfigureAwait(false);
            refusals.Accepted();
            numbers.Bound(limit);
            numbers.Observe(sequence);
            // The generation before the trust: what L1 took from a Redis that has lost data since is dropped first.
            var isNews = generation > tags.Everything.Version;
            tags.Learn(tags.Everything, generation);
            if (isNews)
            {
                lock (_orderLock)
                    _order.Reset(reportedBy: sentAt);
            }
            connection.Verified(epoch);
            CompleteListening();
            if (wasRaised)
                GenerationRaised?.Invoke();
        }
        catch (Exception exception)
        {
            // Without Redis there is no heartbeat, and without heartbeats the lease expires.
            refusals.Report(exception);
            _failures.Report(exception);
        }
    }

    private long LastApplied
    {
        get
        {
            lock (_orderLock)
                return _order.Last;
        }
    }

    // A value stamped with the very number from which this node follows may be older: a new number tells the two apart.
    private bool NeedsNumber => lease.FollowedFrom is var from && (from == 0 || numbers.Last <= from);

    private async Task<InvalidationOutcome> AcknowledgedAsync(string? id, string[] nodes) =>
        (id is null || await _acknowledgements.WaitAsync(
            id, nodes.Where(node => node != Node), settings.AcknowledgementTimeout, time).ConfigureAwait(false))
        // Where this node is not registered, Redis has forgotten the others too.
        && (IsObserver || nodes.Contains(Node))
            ? InvalidationOutcome.Applied
            : InvalidationOutcome.Deferred;

    private async Task SubscribeIfSilentAsync()
    {
        var now = clock.Now;
        // Heartbeats come by a channel of this node's own: they do not show that the channel of all has become silent.
        if ((now < lease.Until && Volatile.Read(ref _catchUps) < 2)
            || now - _subscribedAt <= NodeLease.Milliseconds)
        {
            return;
        }
        if (_subscribedAt != long.MinValue / 2 && !_silenceLogged)
        {
            _silenceLogged = true;
            log.BackplaneLost();
        }
        await transport.SubscribeAsync(Receive, _acknowledgements.Receive, fills.Ended, Period).ConfigureAwait(false);
        // Only now: the next heartbeat repeats an attempt that failed.
        _subscribedAt = now;
        Volatile.Write(ref _catchUps, 0);
    }
}
