using ECommerce.Api.Authentication;
using ECommerce.Api.Description;
using ECommerce.Caching;
using ECommerce.Features;
using Microsoft.AspNetCore.HostFiltering;

namespace ECommerce.Api;

/// <summary>The services of the API, for the server and for commands.</summary>
internal static class ApiBuilder
{
    private const long MaxBodyBytes = 1 << 20;

    /// <param name="args">Configuration in the form <c>--key=value</c>.</param>
    /// <param name="asCommand">Whether the standard output belongs to the result of a command, not to the log.</param>
    public static WebApplicationBuilder Create(string[] args, bool asCommand = false)
    {
        var builder = WebApplication.CreateBuilder(args);
        // The file LOG_FILE is added below, and remains.
        if (asCommand)
            builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = MaxBodyBytes;
        });

        builder.AddServiceDefaults();
        builder.AddRedis("redis");
        builder.AddMySqlDataSource("ecommerce");
        builder.Services.AddMultiLevelCache(builder.Configuration, FeatureRegistration.CachePolicies);
        builder.Services.AddFeatures(builder.Configuration);
        builder.Services.AddTokenAuthentication(builder.Configuration);
        builder.Services.AddTrustedProxies(builder.Configuration);
        builder.Services.AddErrorHandling();
        builder.Services.AddRequestTimeouts(builder.Configuration);
        builder.Services.AddSecurityHeaders();
        builder.Services.Configure<RouteOptions>(routes =>
        {
            routes.SetParameterPolicy<IdRouteConstraint.Long>("long");
            routes.SetParameterPolicy<IdRouteConstraint.Int>("int");
        });
        // Checked by UseAllowedHosts, which responds as to every error.
        builder.Services.PostConfigure<HostFilteringOptions>(filter => filter.AllowedHosts = ["*"]);
        builder.Services.AddApiDescription();
        builder.Services.ConfigureHttpJsonOptions(json => ApiJson.Configure(json.SerializerOptions));
        return builder;
    }
}
