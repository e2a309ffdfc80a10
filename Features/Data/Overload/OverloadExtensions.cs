using System.Data.Common;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace ECommerce.Features.Data.Overload;

/// <summary>The gate in front of the database.</summary>
public static class OverloadExtensions
{
    internal static void AddDatabaseGate(this IServiceCollection services)
    {
        services.AddSingleton<DatabaseLimits>();
        services.AddSingleton<DatabaseGate>();
        services.Replace(ServiceDescriptor.Singleton<DbDataSource>(static provider => new GatedDataSource(
            provider.GetRequiredKeyedService<DbDataSource>(DatabasePools.Requests),
            provider.GetRequiredService<DatabaseGate>())));
    }

    /// <summary>
    /// One permit per request, from its first connection to its end. Follows the middleware that responds from the
    /// cache: such a request has no scope to begin.
    /// </summary>
    public static void UseDatabaseGate(this WebApplication app)
    {
        var gate = app.Services.GetRequiredService<DatabaseGate>();
        app.Use(async (context, next) =>
        {
            var scope = gate.BeginRequest();
            try
            {
                await next(context);
            }
            finally
            {
                scope.End();
            }
        });
    }
}
