using System.Data.Common;
using ECommerce.ServiceDefaults;
using ECommerce.ServiceDefaults.MySql;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Diagnostics.HealthChecks;

// Aspire's namespace for client integrations: the call stays the same with the real package.
#pragma warning disable IDE0130
namespace Microsoft.Extensions.Hosting;
#pragma warning restore IDE0130

public static class MySqlDataSourceExtensions
{
    internal const string HealthCheckName = "MySql";

    /// <summary>
    /// Registers a singleton <see cref="DbDataSource"/> for <c>ConnectionStrings:{name}</c> and its health check.
    /// Sessions are in UTC. Waiting for a free session of the pool is asynchronous and ends after the connection
    /// timeout (5 s by default).
    /// </summary>
    public static void AddMySqlDataSource(
        this IHostApplicationBuilder builder, string connectionName,
        Action<MySqlConnectorSettings>? configureSettings = null)
    {
        builder.Services.TryAddSingleton<DbDataSource>(services =>
        {
            var settings = MySqlConnectorSettings.Read(
                services.GetRequiredService<IConfiguration>(), connectionName, configureSettings);
            if (string.IsNullOrEmpty(settings.ConnectionString))
                throw new InvalidOperationException($"MySQL has no address: set ConnectionStrings:{connectionName}.");

            return new UtcMySqlDataSource(settings.ConnectionString);
        });

        builder.Services.AddHealthCheckOnce(
            configuration =>
                !MySqlConnectorSettings.Read(configuration, connectionName, configureSettings).DisableHealthChecks,
            new HealthCheckRegistration(
                HealthCheckName, services =>
                    new MySqlHealthCheck(services), HealthStatus.Unhealthy, tags: null, timeout: TimeSpan.FromSeconds(
                        5)));
    }
}
