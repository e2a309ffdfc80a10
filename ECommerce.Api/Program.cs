using ECommerce.Api;
using ECommerce.Api.Commands;
using ECommerce.Api.Description;
using ECommerce.Caching.Http;
using ECommerce.Features;
using Microsoft.Extensions.Options;

// Request smuggling: a proxy may not see the end of a line in a bare line feed.
AppContext.SetSwitch("Microsoft.AspNetCore.Server.Kestrel.DisableHttp1LineFeedTerminators", true);

try
{
    if (await HealthProbe.TryRunAsync(args) is { } health)
        return health;
    if (ApiCommands.Parse(args) is { } command)
        return await command.RunAsync(() => ApiBuilder.Create([], asCommand: true).Build());

    var app = ApiBuilder.Create(args).Build();

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
