using System.Data.Common;
using ECommerce.ServiceDefaults.MySql;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Diagnostics.HealthChecks;

// The names, settings and namespace of Aspire.MySqlConnector, which the package source does not have, so that it can
// replace this file.
#pragma warning disable IDE0130
namespace Microsoft.Extensions.Hosting;
#pragma warning restore IDE0130

public static class MySqlDataSourceExtensions
{
    internal const string HealthCheckName = "MySql";
    internal const uint BackgroundSessions = 5;

    /// <summary>
    /// Registers a singleton <see cref="DbDataSource"/> for <c>ConnectionStrings:{name}</c> and its health check.
    /// Sessions are in UTC. Waiting for a free session of the pool is asynchronous and ends after the connection
    /// timeout (5 s by default). The same under the key <c>{name}</c>, and under <c>{name}-background</c> a small pool
    /// for what must not wait behind requests, such as the health check.
    /// </summary>
    public static void AddMySqlDataSource(
        this IHostApplicationBuilder builder, string connectionName,
        Action<MySqlConnectorSettings>? configureSettings = null)
    {
        var background = $"{connectionName}-background";
        builder.Services.TryAddKeyedSingleton<DbDataSource>(
            connectionName, (services, _) => Create(services, sessions: null));
        builder.Services.TryAddKeyedSingleton<DbDataSource>(
            background, (services, _) => Create(services, BackgroundSessions));
        builder.Services.TryAddKeyedSingleton(
            background,
            (services, key) => new MySqlHealthCheck(services.GetRequiredKeyedService<DbDataSource>(key)));
        builder.Services.TryAddSingleton(services => services.GetRequiredKeyedService<DbDataSource>(connectionName));

        UtcMySqlDataSource Create(IServiceProvider services, uint? sessions)
        {
            var configuration = services.GetRequiredService<IConfiguration>();
            var settings = MySqlConnectorSettings.Read(configuration, connectionName, configureSettings);
            if (string.IsNullOrEmpty(settings.ConnectionString))
                throw new InvalidOperationException($"MySQL has no address: set ConnectionStrings:{connectionName}.");

            return new UtcMySqlDataSource(settings.ConnectionString, sessions, configuration["REPLICAS"]);
        }

        AddHealthCheckOnce(
            builder.Services,
            configuration =>
                !MySqlConnectorSettings.Read(configuration, connectionName, configureSettings).DisableHealthChecks,
            new HealthCheckRegistration(
                HealthCheckName, services => services.GetRequiredKeyedService<MySqlHealthCheck>(background),
                HealthStatus.Unhealthy, tags: null,
                timeout: TimeSpan.FromSeconds(5)));
    }

    /// <summary>
    /// Adds the check unless one of that name is registered; the configuration is read when the host is built, not
    /// before.
    /// </summary>
    private static void AddHealthCheckOnce(
        IServiceCollection services, Func<IConfiguration, bool> enabled, HealthCheckRegistration registration)
    {
        services.AddHealthChecks();
        services.AddOptions<HealthCheckServiceOptions>().Configure<IConfiguration>((options, configuration) =>
        {
            if (!enabled(configuration) || options.Registrations.Any(other => other.Name == registration.Name))
                return;
            options.Registrations.Add(registration);
        });
    }
}

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
            settings.ConnectionString = connectionString;

        configure?.Invoke(settings);
        return settings;
    }
}
