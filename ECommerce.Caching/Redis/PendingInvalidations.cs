namespace ECommerce.Caching.Redis;

/// <summary>
/// Invalidations that Redis has not received: tags dropped while it was not available, and, where it lost data, those
/// of the last minutes. Tags are kept in bounded memory, however long that takes: what would be more than
/// <see cref="Maximum"/> becomes the one tag that every entry carries.
/// </summary>
internal sealed class PendingInvalidations
{
    /// <summary>Some megabytes; to replay that many takes Redis less than a second.</summary>
    public const int Maximum = 10_000;

    private readonly Lock _lock = new();
    private HashSet<string> _tags = new(StringComparer.Ordinal);
    private volatile bool _any;
    private int _forgotten;
    private int _appliedAgain;

    /// <summary>
    /// Whether something is kept or is being replayed: until that is done, what Redis holds may be overtaken.
    /// </summary>
    public bool Any => _any;

    public void Add(IEnumerable<string> tags)
    {
        lock (_lock)
        {
            _any = true;
            if (_tags.Contains(CacheTags.Everything))
                return;
            _tags.UnionWith(tags);
            if (_tags.Count > Maximum)
                _tags = new HashSet<string>(StringComparer.Ordinal) { CacheTags.Everything };
        }
    }

    /// <summary>
    /// Hands over what is kept. One that is added meanwhile is another invalidation and needs a bump of its own.
    /// </summary>
    public IReadOnlyCollection<string> Take()
    {
        lock (_lock)
        {
            var taken = _tags;
            _tags = new HashSet<string>(StringComparer.Ordinal);
            return taken;
        }
    }

    /// <summary>What was taken has been applied.</summary>
    public void Applied()
    {
        lock (_lock)
            _any = _tags.Count > 0;
    }

    /// <summary>Redis has forgotten something: the invalidations of the last minutes are to be applied again.</summary>
    public void Forgotten() => Interlocked.Increment(ref _forgotten);

    /// <summary>How often it has.</summary>
    public int TimesForgotten => Volatile.Read(ref _forgotten);

    /// <summary>Whether it has since they were applied the last time.</summary>
    public bool MustApplyAgain => TimesForgotten != Volatile.Read(ref _appliedAgain);

    /// <summary>
    /// They have been applied again, for all the times before a look at <see cref="TimesForgotten"/>.
    /// </summary>
    public void AppliedAgain(int timesForgotten) => Volatile.Write(ref _appliedAgain, timesForgotten);
}
