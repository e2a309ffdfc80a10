using ECommerce.Mocks.FatturaPa;
using ECommerce.Mocks.FatturaPa.Provider;

if (await HealthProbe.TryRunAsync(args) is { } health)
    return health;

var builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults();
builder.Logging.AddFilter("Microsoft.AspNetCore", LogLevel.Warning);
// The path holds the API key, and this category puts the path into the scope of every log line.
builder.Logging.AddFilter("Microsoft.AspNetCore.Hosting.Diagnostics", LogLevel.None);

builder.Services.AddOptions<ProviderOptions>()
    .BindConfiguration("")
    .Configure<IConfiguration>((options, configuration) =>
        options.Key = configuration["key"] ?? configuration["FATTURAPA_API_KEY"] ?? ProviderOptions.DemoKey);

var app = builder.Build();
app.MapDefaultEndpoints();
app.MapProvider();
await app.RunAsync();
return 0;
