using StackExchange.Redis;

namespace ECommerce.Caching;

/// <summary>Which exceptions mean that Redis is away or ill, and not that our code is wrong.</summary>
internal static class RedisFailure
{
    public static bool Is(Exception exception) =>
        exception is TimeoutException or RedisException or ObjectDisposedException or AggregateException { InnerException: RedisException or TimeoutException };
}
