using System.Text.Json;
using System.Text.Json.Serialization;
using ECommerce.Mocks.FatturaPa;
using ECommerce.Mocks.FatturaPa.Control;
using ECommerce.Mocks.FatturaPa.Pool;
using ECommerce.Mocks.FatturaPa.Provider;
using ECommerce.Mocks.FatturaPa.Sdi;

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
builder.Services.ConfigureHttpJsonOptions(json =>
{
    json.SerializerOptions.PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower;
    json.SerializerOptions.Converters.Add(new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower));
});
builder.Services.AddSingleton<Accounts>();
builder.Services.AddSingleton<Links>();
builder.Services.AddSingleton<Registry>();
builder.Services.AddSingleton<OutcomePlan>();
builder.Services.AddSingleton<SdiService>();
builder.Services.AddSingleton<FaultPlan>();
builder.Services.AddSingleton<RequestLog>();

var app = builder.Build();
app.UseMiddleware<RequestLogMiddleware>();
app.UseMiddleware<FaultMiddleware>();
app.MapDefaultEndpoints();
app.MapControlPlane();
app.MapProvider();
app.MapStorage();
await app.RunAsync();
return 0;
