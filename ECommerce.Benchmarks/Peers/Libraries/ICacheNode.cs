namespace ECommerce.Benchmarks.Peers.Libraries;

/// <summary>One node of a library: the operations that all three libraries have.</summary>
internal interface ICacheNode : IAsyncDisposable
{
    /// <summary>Returns the cached value, or runs the factory and caches its result.</summary>
    ValueTask<T> ReadAsync<T>(
        string key, Func<CancellationToken, Task<T>> factory, string[]? tags = null, CancellationToken ct = default);

    /// <summary>Replaces the value of a key.</summary>
    Task SetAsync<T>(string key, T value);

    /// <summary>Removes one key.</summary>
    Task RemoveAsync(string key);

    /// <summary>Removes every entry with the tag.</summary>
    Task RemoveByTagAsync(string tag);
}
