using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace ECommerce.Features.Data;

/// <summary>The one place that names the provider of EF Core: its dialect and its registration.</summary>
internal static class DatabaseProvider
{
    // What MySQL 8 and 9 and MariaDB 10.11 have in common. Asking the server would fail while it is unavailable.
    private static readonly ServerVersion Dialect = new MySqlServerVersion(new Version(8, 0, 36));

    /// <summary>
    /// Registers pooled contexts without a connection: with one in the options, EF Core would build its services and
    /// the model once per data source.
    /// </summary>
    public static void AddECommerceDbContext(this IServiceCollection services)
    {
        services.AddPooledDbContextFactory<ECommerceDbContext>(static (provider, options) => options
            .UseMySql(Dialect)
            .UseQueryTrackingBehavior(QueryTrackingBehavior.NoTracking)
            // One statement for all that a response shows, so that it is of one state; its collections are small.
            .ConfigureWarnings(static warnings => warnings.Log((RelationalEventId.CommandExecuted, LogLevel.Debug))
                .Ignore(RelationalEventId.MultipleCollectionIncludeWarning))
            .AddInterceptors(new CommandGuard(provider.GetRequiredService<DatabaseGate>())));
        services.AddSingleton<TenantDbContexts>();
    }
}
