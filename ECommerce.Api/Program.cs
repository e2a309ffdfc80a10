using ECommerce.Api;
using ECommerce.Caching;
using ECommerce.Caching.Http;
using ECommerce.Features;
using Microsoft.AspNetCore.HostFiltering;
using Microsoft.Extensions.Options;

const long maxBodyBytes = 1 << 20;

// Request smuggling: a proxy may not see the end of a line in a bare line feed.
AppContext.SetSwitch("Microsoft.AspNetCore.Server.Kestrel.DisableHttp1LineFeedTerminators", true);

try
{
    var builder = WebApplication.CreateBuilder(args);
    builder.WebHost.ConfigureKestrel(kestrel =>
    {
        kestrel.AddServerHeader = false;
        kestrel.Limits.MaxRequestBodySize = maxBodyBytes;
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

    var app = builder.Build();

    app.UseForwardedHeaders();
    app.UseRequestIds();
    app.UseSecurityHeaders();
    app.UseHeadFromGet();
    app.UseExceptionHandler();
    app.UseStatusCodePages();
    app.UseUnambiguousLength();
    app.UseAllowedHosts();
    app.UseRouting();
    app.UseAuthentication();
    app.UseAuthorization();
    app.UseReadableBodies();
    app.UseHttpCaching();
    // Behind the caches: a hit pays for no timer.
    app.UseRequestTimeouts();
    app.UseDatabaseGate();

    app.MapDefaultEndpoints();
    app.MapCacheHealth();
    app.MapApiDescription();
    app.MapFeatures();
    app.MapBenchmarks();

    await app.RunAsync();
    // Set where a check that needs the database stops the process.
    return Environment.ExitCode;
}
catch (OperationCanceledException) when (Environment.ExitCode != 0)
{
    // Stopped by such a check before the start was complete.
    return Environment.ExitCode;
}
catch (OptionsValidationException invalid)
{
    // A setting is missing or invalid: one line that names it instead of a stack trace.
    await Console.Error.WriteLineAsync($"Configuration: {string.Join(" ", invalid.Failures)}");
    return 1;
}
