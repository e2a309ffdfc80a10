using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace ECommerce.Features.Invoices.Channel;

/// <summary>Where the provider is, and how long it is waited for.</summary>
internal sealed record ChannelSettings(Uri BaseAddress)
{
    public const string Name = "FATTURAPA_BASE_URL";

    private const string Default = "https://api.fatturapa.com/ws/V10.svc/rest";

    // Traces are redacted by this part of the path, behind which the key comes.
    private const string Suffix = ".svc/rest";

    /// <summary>For one call of the provider; 30 s.</summary>
    public TimeSpan CallTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>For the transfer of one file or one page of the pool; 60 s.</summary>
    public TimeSpan TransferTimeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Before a call is repeated, doubled each time; 0.5 s.</summary>
    public TimeSpan Pause { get; init; } = TimeSpan.FromSeconds(0.5);

    /// <exception cref="OptionsValidationException">The address is not one of a provider.</exception>
    public static ChannelSettings Read(IConfiguration configuration)
    {
        var text = configuration[Name] is { Length: > 0 } given ? given.TrimEnd('/') : Default;
        if (Uri.TryCreate(text, UriKind.Absolute, out var url)
            && (url.Scheme == Uri.UriSchemeHttps || url.Scheme == Uri.UriSchemeHttp)
            && url is { UserInfo: "", Query: "", Fragment: "" }
            && url.AbsolutePath.EndsWith(Suffix, StringComparison.OrdinalIgnoreCase))
        {
            return new ChannelSettings(url);
        }
        throw new OptionsValidationException(
            Name, typeof(ChannelSettings),
            [$"{Name} must be an address of http or https that ends in {Suffix}, without a user or a query."]);
    }
}
