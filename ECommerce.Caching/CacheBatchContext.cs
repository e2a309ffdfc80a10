namespace ECommerce.Caching;

/// <summary>What the factory of several keys gets, and may decide about each entry it fills.</summary>
public sealed class CacheBatchContext
{
    private readonly Func<string, CacheEntryContext> _entries;
    private readonly CacheEntryContext _own;

    internal CacheBatchContext(
        IReadOnlyList<string> keys, Func<string, CacheEntryContext> entries, CacheEntryContext own)
    {
        Keys = keys;
        _entries = entries;
        _own = own;
    }

    /// <summary>The keys that no layer has, each once.</summary>
    public IReadOnlyList<string> Keys { get; }

    /// <inheritdoc cref="CacheEntryContext.Services"/>
    public IServiceProvider Services => _own.Services;

    /// <inheritdoc cref="CacheEntryContext.DependsOn"/>
    /// <param name="key">One of <see cref="Keys"/>.</param>
    /// <param name="tag">The tag of what the value of this key depends on.</param>
    /// <exception cref="ArgumentException">The key is not among <see cref="Keys"/>; or the tag is blank, reserved, or
    /// has control characters.</exception>
    public void DependsOn(string key, string tag) => _entries(key).DependsOn(tag);

    /// <inheritdoc cref="CacheEntryContext.LiveAtMost"/>
    /// <param name="key">One of <see cref="Keys"/>.</param>
    /// <param name="lifetime">How long the entry of this key lives at most.</param>
    /// <exception cref="ArgumentException">The key is not among <see cref="Keys"/>.</exception>
    public void LiveAtMost(string key, TimeSpan lifetime) => _entries(key).LiveAtMost(lifetime);

    /// <summary>The value of one key is returned to its callers and not stored.</summary>
    /// <param name="key">One of <see cref="Keys"/>.</param>
    /// <exception cref="ArgumentException">The key is not among <see cref="Keys"/>.</exception>
    public void DoNotStore(string key) => _entries(key).DoNotStore();
}
