namespace ECommerce.Caching.Policies;

/// <summary>
/// Whether the policies of one flag are cached. Their state is on the object that the policies hold, so that to look
/// costs nothing worth counting.
/// </summary>
internal sealed class CacheFlag(string name, bool declared)
{
    private volatile bool _isOn = declared;

    public string Name { get; } = name;

    /// <summary>The state that the environment declares.</summary>
    public bool Declared { get; } = declared;

    public bool IsOn => _isOn;

    /// <summary>Whether it was set at run time, which overrides the environment.</summary>
    public bool IsSet { get; private set; }

    /// <summary>Sets it, or with null returns to the declared state. True if that turned it off.</summary>
    public bool Set(bool? on)
    {
        var was = _isOn;
        IsSet = on is not null;
        _isOn = on ?? Declared;
        return was && !_isOn;
    }
}
