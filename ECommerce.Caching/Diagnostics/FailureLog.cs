using System.Collections.Concurrent;

namespace ECommerce.Caching.Diagnostics;

/// <summary>
/// The exceptions that a background loop survives: a host must not stop because of what Redis, a message or a store
/// holds. Each type is logged once, since a loop repeats its failure with every turn.
/// </summary>
internal sealed class FailureLog(CacheLog log, string loop)
{
    private readonly ConcurrentDictionary<Type, bool> _logged = new();

    public void Report(Exception exception)
    {
        if (_logged.TryAdd(exception.GetType(), true))
            log.LoopFailed(exception, loop);
    }
}
