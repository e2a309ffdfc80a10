using Polly.CircuitBreaker;
using StackExchange.Redis;

namespace ECommerce.Caching.Redis;

/// <summary>Which exceptions mean that Redis is unavailable or faulty, and not a defect of this code.</summary>
internal static class RedisFailure
{
    // A call that the client itself cancels is one of them: no caller's token reaches Redis.
    public static bool Is(Exception exception) =>
        exception is OperationCanceledException or TimeoutException or RedisException or ObjectDisposedException
        or BrokenCircuitException or AggregateException { InnerException: RedisException or TimeoutException };

    /// <summary>WRONGTYPE: Redis is healthy; the key holds another type, so it is not an entry of ours.</summary>
    public static bool IsOtherType(RedisServerException exception) =>
        exception.Message.StartsWith("WRONGTYPE", StringComparison.Ordinal);
}
