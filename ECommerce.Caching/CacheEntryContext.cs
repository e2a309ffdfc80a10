using Microsoft.Extensions.DependencyInjection;

namespace ECommerce.Caching;

/// <summary>What a factory may decide about the entry it is filling.</summary>
public sealed class CacheEntryContext : IAsyncDisposable
{
    private readonly IServiceScopeFactory? _scopes;
    private readonly Lock _lock = new();
    private AsyncServiceScope? _scope;
    private List<string>? _tags;
    private bool _storable = true;

    internal CacheEntryContext(IServiceScopeFactory? scopes = null) => _scopes = scopes;

    /// <summary>
    /// Services of a scope of the factory's own: it may run behind the request that asked, or for several, so it must
    /// use none of theirs. The scope ends with the factory.
    /// </summary>
    public IServiceProvider Services
    {
        get
        {
            // A factory may load several things at once: they share the one scope that is disposed.
            lock (_lock)
            {
                _scope ??= (_scopes ?? throw new InvalidOperationException("The cache was made without services."))
                    .CreateAsyncScope();
                return _scope.Value.ServiceProvider;
            }
        }
    }

    internal IReadOnlyList<string> Tags => _tags ?? (IReadOnlyList<string>)[];

    internal TimeSpan? MaximumLifetime { get; private set; }

    internal bool Storable => _storable && MaximumLifetime is not { TotalMilliseconds: < 1 };

    /// <summary>
    /// Names something that the value depends on and that was only found while loading (<c>customer:acme:42</c> inside
    /// an order).
    /// </summary>
    /// <exception cref="ArgumentException">The tag is blank, reserved (<c>*</c>) or has control
    /// characters.</exception>
    /// <remarks>
    /// With more than <see cref="CacheTags.MaximumPerEntry"/>, those that the key implies included, the value goes to
    /// its callers and is not stored, which is logged.
    /// </remarks>
    public void DependsOn(string tag)
    {
        _ = CacheTags.CheckedForEntry(tag);
        // A factory may load several things at once.
        lock (_lock)
        {
            _tags ??= [];
            // One more than the maximum keeps the value from being stored; further ones change nothing.
            if (_tags.Count <= CacheTags.MaximumPerEntry && !_tags.Contains(tag))
                _tags.Add(tag);
        }
    }

    /// <summary>
    /// Lets the entry live shorter than its policy defines; longer is not possible. Below a millisecond, as of a token
    /// that has expired already, the value is returned to the waiting callers and not stored.
    /// </summary>
    public void LiveAtMost(TimeSpan lifetime) =>
        MaximumLifetime = MaximumLifetime is { } current && current < lifetime ? current : lifetime;

    /// <summary>Ends the scope of <see cref="Services"/>; the cache does it.</summary>
    public ValueTask DisposeAsync() => _scope?.DisposeAsync() ?? ValueTask.CompletedTask;

    /// <summary>The value is returned to the waiting callers and not stored.</summary>
    public void DoNotStore() => _storable = false;
}
