namespace ECommerce.Features.CacheCoherence;

/// <summary>
/// A feature's declaration of what its cached values lose when a row of a table is added, changed or deleted. The
/// feature that caches declares; the feature that writes the row need not know of it.
/// </summary>
internal sealed record Invalidates
{
    private Invalidates(Type entity, Func<object, IEnumerable<string>> tags) => (Entity, Tags) = (entity, tags);

    public Type Entity { get; }

    /// <summary>The tags of one state of the row: they are taken of the row as it was and as it is.</summary>
    public Func<object, IEnumerable<string>> Tags { get; }

    /// <summary>The row whose version covers this one, if any.</summary>
    public Func<object, (Type Type, long Id)>? Root { get; private init; }

    public static Invalidates On<TRow>(Func<TRow, IEnumerable<string>> tags)
        where TRow : class => new(typeof(TRow), row => tags((TRow)row));

    /// <summary>
    /// Rows of a table that moves with its root: a write moves the root's version once, and drops what the root's
    /// declarations name.
    /// </summary>
    public static Invalidates WithRoot<TRow, TRoot>(Func<TRow, long> root)
        where TRow : class => new(typeof(TRow), static _ => []) { Root = row => (typeof(TRoot), root((TRow)row)) };
}
