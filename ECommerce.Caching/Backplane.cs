using System.Globalization;
using Microsoft.Extensions.Hosting;
using StackExchange.Redis;

namespace ECommerce.Caching;

/// <summary>
/// Carries invalidations between nodes by publish and subscribe. Messages name tags and versions, never values.
/// </summary>
/// <remarks>
/// Publish and subscribe loses what is sent while a connection is down, and a client may be left unsubscribed without noticing. So every node
/// also sends itself a heartbeat through its own subscription: memory is served with full lifetimes only until two seconds after the last one
/// that came back, and when they come back after a gap, memory is dropped.
/// </remarks>
internal sealed class Backplane(IConnectionMultiplexer redis, TagTable tags, CacheClock clock, CacheLog log, TimeProvider time) : BackgroundService
{
    private const string Channel = "cache:backplane";
    private const string Heartbeat = "heartbeat";
    private const long LeaseMilliseconds = 2000;
    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(500);

    private readonly string _node = Guid.NewGuid().ToString("N")[..12];
    private readonly TaskCompletionSource _firstHeartbeat = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _leaseUntil;
    private long _lastSubscription;
    private bool _silenceSaid;

    /// <summary>Until when memory may be served with full lifetimes, in the clock's milliseconds.</summary>
    public long LeaseUntil => Volatile.Read(ref _leaseUntil);

    /// <summary>Completes when the first heartbeat has come back: from then on this node hears the others.</summary>
    public Task Listening => _firstHeartbeat.Task;

    public Task PublishAsync(IReadOnlyCollection<string> dropped, long version) =>
        redis.GetSubscriber().PublishAsync(Channel, $"{_node}\n{version.ToString(CultureInfo.InvariantCulture)}\n{string.Join('\n', dropped)}");

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        redis.ConnectionFailed += OnConnectionFailed;
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
            redis.ConnectionFailed -= OnConnectionFailed;
        }
    }

    private async Task BeatAsync()
    {
        try
        {
            var now = clock.Now;
            if (now >= LeaseUntil && now - _lastSubscription > LeaseMilliseconds)
            {
                if (_lastSubscription != 0 && !_silenceSaid)
                {
                    _silenceSaid = true;
                    log.BackplaneLost();
                }
                _lastSubscription = now;
                // The client may believe it is subscribed where the server knows nothing of it: only leaving and entering again makes it ask.
                await redis.GetSubscriber().UnsubscribeAsync(Channel).WaitAsync(Period).ConfigureAwait(false);
                await redis.GetSubscriber().SubscribeAsync(Channel, (_, message) => Receive(message)).WaitAsync(Period).ConfigureAwait(false);
            }
            await redis.GetSubscriber().PublishAsync(Channel, $"{_node}\n{Heartbeat}").WaitAsync(Period).ConfigureAwait(false);
        }
        catch (Exception exception) when (RedisFailure.Is(exception))
        {
            // Without Redis there is no heartbeat, and without heartbeats the lease ends by itself.
        }
    }

    // Not every cut is noticed by the client's own reconnection in an order we could rely on: a cut connection ends the lease at once.
    private void OnConnectionFailed(object? sender, ConnectionFailedEventArgs cut)
    {
        if (cut.ConnectionType == ConnectionType.Subscription)
            Volatile.Write(ref _leaseUntil, 0);
    }

    private void Receive(RedisValue message)
    {
        var lines = ((string?)message ?? string.Empty).Split('\n');
        if (lines.Length < 2)
            return;
        if (lines[1] == Heartbeat)
        {
            if (lines[0] == _node)
                RenewLease();
            return;
        }
        if (lines[0] == _node || !long.TryParse(lines[1], NumberStyles.None, CultureInfo.InvariantCulture, out var version))
            return;
        foreach (var tag in lines.AsSpan(2))
            tags.Drop(tag, version);
    }

    private void RenewLease()
    {
        var now = clock.Now;
        if (now >= LeaseUntil)
        {
            // Order: forget first, then trust again.
            tags.DropAll();
            if (!_firstHeartbeat.TrySetResult())
                log.BackplaneRestored();
            _silenceSaid = false;
        }
        Volatile.Write(ref _leaseUntil, now + LeaseMilliseconds);
    }
}
