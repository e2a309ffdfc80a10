using System.Text.Json;
using System.Text.Json.Serialization;
using ECommerce.Mocks.PrestaShop;
using ECommerce.Mocks.PrestaShop.Control;
using ECommerce.Mocks.PrestaShop.Storage;
using ECommerce.Mocks.PrestaShop.Webservice;
using Microsoft.Extensions.Options;

if (await HealthProbe.TryRunAsync(args) is { } health)
    return health;

var builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults();
// No appsettings.json: it would lie beside those of the other services in the output of the tests.
builder.Logging.AddFilter("Microsoft.AspNetCore", LogLevel.Warning);

builder.Services.AddOptions<ShopOptions>()
    .BindConfiguration("")
    .Configure<IConfiguration>((options, configuration) =>
        options.Key = configuration["key"] ?? configuration["PRESTASHOP_KEY"] ?? ShopOptions.DemoKey)
    .ValidateDataAnnotations()
    .ValidateOnStart();
builder.Services.ConfigureHttpJsonOptions(json =>
{
    json.SerializerOptions.PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower;
    json.SerializerOptions.Converters.Add(new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower));
});
builder.Services.AddSingleton<ShopStore>();
builder.Services.AddSingleton<ShopChanges>();
builder.Services.AddSingleton<AccessChecks>();
builder.Services.AddSingleton<Reading>();
builder.Services.AddSingleton<Writing>();
builder.Services.AddSingleton<WebserviceEndpoint>();
builder.Services.AddSingleton<FaultPlan>();
builder.Services.AddSingleton<RequestRate>();
builder.Services.AddSingleton<RowChanges>();
builder.Services.AddSingleton<RequestLog>();

var app = builder.Build();
app.UseMiddleware<RequestLogMiddleware>();
app.UseMiddleware<FaultMiddleware>();
app.MapDefaultEndpoints();
app.MapControlPlane();
app.Map("/api/{**path}", (HttpContext context, WebserviceEndpoint webservice) => webservice.HandleAsync(context));

// Before the first request: an invalid folder or size must stop the start, and the first request must not wait for
// the generation of the shop.
_ = app.Services.GetRequiredService<IOptions<ShopOptions>>().Value;
_ = app.Services.GetRequiredService<ShopStore>();
await app.RunAsync();
return 0;
