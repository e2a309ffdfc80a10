using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace ECommerce.Features.Common.Warming;

/// <summary>
/// <c>CACHE_WARMING</c>, default true: whether a node records its most-read keys and fills its memory when it starts.
/// Without it warming can be started by hand.
/// </summary>
internal sealed record WarmingSettings(bool IsOn)
{
    private const string Name = "CACHE_WARMING";

    public static WarmingSettings Read(IConfiguration configuration) => configuration[Name] switch
    {
        null or "" or "true" or "True" => new WarmingSettings(true),
        "false" or "False" => new WarmingSettings(false),
        _ => throw new OptionsValidationException(Name, typeof(WarmingSettings), [$"{Name} must be true or false."]),
    };
}
