using Microsoft.Extensions.Configuration;

namespace ECommerce.ServiceDefaults.Redis;

/// <summary>The settings of Aspire's client integration, by its names; read from <c>Aspire:StackExchange:Redis[:{name}]</c>.</summary>
public sealed class StackExchangeRedisSettings
{
    private const string Section = "Aspire:StackExchange:Redis";

    public string? ConnectionString { get; set; }

    public bool DisableHealthChecks { get; set; }

    internal static StackExchangeRedisSettings Read(
        IConfiguration configuration, string name, Action<StackExchangeRedisSettings>? configure)
    {
        var settings = new StackExchangeRedisSettings();
        configuration.GetSection(Section).Bind(settings);
        configuration.GetSection($"{Section}:{name}").Bind(settings);
        if (configuration.GetConnectionString(name) is { Length: > 0 } connectionString) settings.ConnectionString = connectionString;
        else if (string.IsNullOrEmpty(settings.ConnectionString)) settings.ConnectionString = configuration["REDIS_URL"];
        configure?.Invoke(settings);
        return settings;
    }
}
