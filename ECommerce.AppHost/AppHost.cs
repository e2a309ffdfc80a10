using System.Globalization;
using ECommerce.AppHost;
using ECommerce.AppHost.Hosting;
using Microsoft.Extensions.DependencyInjection;

try
{
    var builder = DistributedApplication.CreateBuilder(AppHostSettings.WithSwitchValues(args));
    var machine = Machine.Prepare(builder);

    var images = machine.Settings.Images;

    // Programs of this machine where it has them, containers otherwise.
    IResourceBuilder<IResourceWithConnectionString> redis = machine.RedisInContainer
        ? builder.AddRedis("redis").WithImageFrom(images.Redis).WithoutCertificate()
        : builder.AddLocalRedis("redis", machine.Data);
    IResourceBuilder<IResourceWithConnectionString> database = machine.MySqlInContainer
        ? builder.AddMySql("mysql").WithImageFrom(images.MySql).WithDataOf(machine).AddDatabase("ecommerce")
        : builder.AddLocalMariaDb("mysql", machine.Data).AddDatabase("ecommerce");

    var prestashop = builder.AddMock<Projects.ECommerce_Mocks_PrestaShop>("prestashop", machine, images.PrestaShop);
    var fatturapa = builder.AddMock<Projects.ECommerce_Mocks_FatturaPa>("fatturapa", machine, images.FatturaPa);
    var provider = fatturapa.GetEndpoint("http");
    var providerHost = ReferenceExpression.Create($"{provider.Property(EndpointProperty.HostAndPort)}");

    var api = builder.AddService<Projects.ECommerce_Api>("api", machine.Settings.Port)
        .WithReplicas(machine.Settings.Replicas)
        .WithExternalHttpEndpoints()
        .WithReference(database).WaitFor(database)
        .WithReference(redis).WaitFor(redis)
        .WithReference(prestashop).WaitFor(prestashop)
        .WithReference(fatturapa).WaitFor(fatturapa)
        .WithEnvironment("FATTURAPA_BASE_URL", ReferenceExpression.Create($"{provider}/ws/V10.svc/rest"))
        .WithEnvironment("FATTURAPA_DOWNLOAD_HOSTS", providerHost)
        // What the SDI answers is seen soon.
        .WithEnvironment("FATTURAPA_POLL_INTERVAL", "10")
        // Of the mock's first account; the seed gives it to the first merchant.
        .WithEnvironment("DEMO_FATTURAPA_KEY", "DEMOFATTURAPAKEY0001")
        .WithEnvironment("LOGGING__CONSOLE__FORMATTERNAME", "ecommerce-json")
        // The dashboard shows each hit and miss beside the spans of its request; the console does not.
        .WithEnvironment("Logging__OpenTelemetry__LogLevel__ECommerce.Caching", "Debug")
        .WithEnvironment("REPLICAS", machine.Settings.Replicas.ToString(CultureInfo.InvariantCulture))
        // The proxy in front of the replicas.
        .WithEnvironment("TRUSTED_PROXIES", "127.0.0.1,::1")
        .WithEnvironment("JWT_SIGNING_KEY", Secret("jwt-signing-key", 64))
        .WithEnvironment("CACHE_KEY_SALT", Secret("cache-key-salt", 43))
        .WithEnvironment("CACHE_ENCRYPTION_KEY", $"k1:{Secret("cache-encryption-key", 43)}")
        .WithEnvironment("DATA_PROTECTION_KEY", Secret("data-protection-key", 43));

    builder.Services.AddHostedService<DotnetRunMonitor>();
    var app = builder.Build();
    _ = Welcome.PrintAsync(app, api.GetEndpoint("http"));
    app.Run();
    return 0;

    // Generated at the first start and kept in the user secrets.
    IResourceBuilder<ParameterResource> Secret(string name, int length) =>
        builder.AddParameter(
            name, new GenerateParameterDefault { MinLength = length, Special = false }, secret: true, persist: true);
}
catch (StartupException error)
{
    Console.Error.WriteLine(error.Message);
    return 1;
}
