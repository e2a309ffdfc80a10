namespace ECommerce.Caching;

/// <summary>
/// Switches parts of the cache off and on while it runs, on all nodes. What is off is neither read nor stored, data and
/// responses; its invalidations go on, so that what is switched on again finds nothing old.
/// </summary>
public interface ICacheFlags
{
    /// <summary>All flags that policies name (<see cref="CachePolicy.Flag"/>), in the order of their names.</summary>
    IReadOnlyList<CacheFlagState> All { get; }

    /// <summary>
    /// Sets a flag at run time, which overrides its variable; null takes that back. It is in force on every node that
    /// can be reached when the call returns; the others read it when they join again.
    /// </summary>
    /// <exception cref="ArgumentException">No policy names the flag.</exception>
    /// <returns>Whether every other node is known to have it.</returns>
    Task<InvalidationOutcome> SetAsync(string name, bool? isOn, CancellationToken cancellationToken = default);
}

/// <summary>A flag and where its state comes from.</summary>
/// <param name="Name">The name policies use; its variable is <c>CACHE_{NAME}_ENABLED</c>.</param>
/// <param name="IsOn">Whether its policies are cached.</param>
/// <param name="IsSet">Whether it was set at run time; if not, the state is that of the variable, by default
/// on.</param>
public sealed record CacheFlagState(string Name, bool IsOn, bool IsSet);

/// <summary>
/// Keeps the flags that were set at run time; implemented where the application keeps its settings. Without one they
/// last as long as the process.
/// </summary>
public interface ICacheFlagStore
{
    /// <summary>The flags that are set.</summary>
    Task<IReadOnlyDictionary<string, bool>> ReadAsync(CancellationToken cancellationToken = default);

    /// <summary>Sets one, or with null deletes it.</summary>
    Task WriteAsync(string name, bool? isOn, CancellationToken cancellationToken = default);
}
