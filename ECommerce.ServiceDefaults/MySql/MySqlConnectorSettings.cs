using Microsoft.Extensions.Configuration;

namespace ECommerce.ServiceDefaults.MySql;

/// <summary>
/// The settings of Aspire's client integration, by its names; read from <c>Aspire:MySqlConnector[:{name}]</c>.
/// </summary>
public sealed class MySqlConnectorSettings
{
    private const string Section = "Aspire:MySqlConnector";

    public string? ConnectionString { get; set; }

    public bool DisableHealthChecks { get; set; }

    internal static MySqlConnectorSettings Read(
        IConfiguration configuration, string name, Action<MySqlConnectorSettings>? configure)
    {
        var settings = new MySqlConnectorSettings();
        configuration.GetSection(Section).Bind(settings);
        configuration.GetSection($"{Section}:{name}").Bind(settings);
        if (configuration.GetConnectionString(name) is { Length: > 0 } connectionString)
        {
            settings.ConnectionString =
            connectionString;
        }

        configure?.Invoke(settings);
        return settings;
    }
}
