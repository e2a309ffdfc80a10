using StackExchange.Redis;

namespace ECommerce.Caching.Redis;

/// <summary>
/// Whether the connection to Redis is still the one that was verified. After a cut another Redis may respond, or one
/// that lost data: its content is trusted only after a heartbeat has verified it, and no longer than two seconds after
/// the last one.
/// </summary>
internal sealed class ConnectionMonitor
{
    // Not the clock of the cache: how old a look is has nothing to do with how old entries are.
    private const long MaxSilence = 2000;

    private readonly IConnectionMultiplexer _redis;
    private int _epoch;
    private int _verified = -1;
    private long _verifiedAt;

    public ConnectionMonitor(IConnectionMultiplexer redis)
    {
        _redis = redis;
        redis.ConnectionFailed += (_, cut) => Cut(cut);
        redis.ConnectionRestored += (_, back) =>
        {
            Cut(back);
            if (back.ConnectionType == ConnectionType.Interactive)
                Restored?.Invoke();
        };
    }

    /// <summary>Raised when the subscription was cut: messages may be lost from now on.</summary>
    public event Action? SubscriptionCut;

    /// <summary>Raised when commands can be sent again.</summary>
    public event Action? Restored;

    /// <summary>Moves with every cut. A read that began in one epoch and ended in another proves nothing.</summary>
    public int Epoch => Volatile.Read(ref _epoch);

    public bool IsTrusted =>
        _redis.IsConnected && Volatile.Read(ref _verified) == Epoch
            && Environment.TickCount64 - Volatile.Read(ref _verifiedAt) < MaxSilence;

    public void Verified(int epoch)
    {
        Volatile.Write(ref _verifiedAt, Environment.TickCount64);
        Volatile.Write(ref _verified, epoch);
    }

    private void Cut(ConnectionFailedEventArgs which)
    {
        var isSubscription = which.ConnectionType == ConnectionType.Subscription;
        if (!isSubscription)
            Interlocked.Increment(ref _epoch);
        // By RESP3 messages may come over the connection of the commands.
        if (isSubscription
            || (which.EndPoint is { } server && _redis.GetServer(server).Protocol >= RedisProtocol.Resp3))
        {
            SubscriptionCut?.Invoke();
        }
    }
}
