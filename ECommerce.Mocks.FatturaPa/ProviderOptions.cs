namespace ECommerce.Mocks.FatturaPa;

/// <summary>From the command line (<c>--key …</c>) or the environment.</summary>
internal sealed class ProviderOptions
{
    public const string DemoKey = "DEMOFATTURAPAKEY0001";

    public const string SecondDemoKey = "DEMOFATTURAPAKEY0002";

    /// <summary>The API key of the first account, which the provider wants as a part of the path.</summary>
    public string Key { get; set; } = DemoKey;

    /// <summary>The API keys of more accounts, separated by commas.</summary>
    public string OtherKeys { get; set; } = SecondDemoKey;

    /// <summary>Milliseconds until the SDI decides about a file; 0: at once.</summary>
    public int DelayMs { get; set; }

    /// <summary>Entries of a page of the pool, at most a thousand.</summary>
    public int PageSize { get; set; } = 1000;

    /// <summary>Seconds for which a link is valid.</summary>
    public int LinkSeconds { get; set; } = 3600;

    /// <summary>Entries that the pool of an account keeps: older ones are removed.</summary>
    public int MaxEntries { get; set; } = 10_000;

    /// <summary>Megabytes of files that an account keeps: older ones are removed.</summary>
    public int MaxMegabytes { get; set; } = 64;

    public IEnumerable<string> Keys => OtherKeys
        .Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Prepend(Key);
}
