using Polly.CircuitBreaker;
using StackExchange.Redis;

namespace ECommerce.Caching.Redis;

/// <summary>Which exceptions mean that Redis is away or ill, and not that our code is wrong.</summary>
internal static class RedisFailure
{
    // A call that the client itself cancels is one of them: no caller's token reaches Redis.
    public static bool Is(Exception exception) => exception is OperationCanceledException or TimeoutException or RedisException or ObjectDisposedException
        or BrokenCircuitException or AggregateException { InnerException: RedisException or TimeoutException };

    /// <summary>It is well, and what stands under the key is no text but a list or the like, so none of ours.</summary>
    public static bool IsOtherType(RedisServerException exception) => exception.Message.StartsWith("WRONGTYPE", StringComparison.Ordinal);
}
