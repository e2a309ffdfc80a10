using System.Collections.Concurrent;
using Microsoft.Extensions.Caching.Distributed;
using Microsoft.Extensions.Caching.Memory;
using Microsoft.Extensions.Options;

namespace ECommerce.Caching.Tests.Contract;

/// <summary>
/// A second layer for Microsoft's HybridCache, which takes no notice of a <see cref="MemoryDistributedCache"/> itself.
/// </summary>
internal sealed class SharedLayer : IDistributedCache
{
    private readonly MemoryDistributedCache _inner = new(Options.Create(new MemoryDistributedCacheOptions()));

    private readonly ConcurrentDictionary<string, TaskCompletionSource> _stored = new(StringComparer.Ordinal);

    /// <summary>Completes when the key has been stored.</summary>
    public Task StoredAsync(string key) => Stored(key).Task.WaitAsync(TimeSpan.FromSeconds(10));

    public byte[]? Get(string key) => _inner.Get(key);

    public Task<byte[]?> GetAsync(string key, CancellationToken token = default) => _inner.GetAsync(key, token);

    public void Refresh(string key) => _inner.Refresh(key);

    public Task RefreshAsync(string key, CancellationToken token = default) => _inner.RefreshAsync(key, token);

    public void Remove(string key) => _inner.Remove(key);

    public Task RemoveAsync(string key, CancellationToken token = default) => _inner.RemoveAsync(key, token);

    public void Set(string key, byte[] value, DistributedCacheEntryOptions options) => _inner.Set(key, value, options);

    public async Task SetAsync(
        string key, byte[] value, DistributedCacheEntryOptions options, CancellationToken token = default)
    {
        await _inner.SetAsync(key, value, options, token);
        Stored(key).TrySetResult();
    }

    private TaskCompletionSource Stored(string key) =>
        _stored.GetOrAdd(key, static _ => new(TaskCreationOptions.RunContinuationsAsynchronously));
}
