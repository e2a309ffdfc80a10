namespace ECommerce.Mocks.FatturaPa;

/// <summary>From the command line (<c>--key …</c>) or the environment.</summary>
internal sealed class ProviderOptions
{
    public const string DemoKey = "DEMOFATTURAPAKEY0001";

    /// <summary>The API key, which the provider wants as a part of the path.</summary>
    public string Key { get; set; } = DemoKey;
}
