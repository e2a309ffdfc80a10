using Microsoft.Extensions.Configuration;

var builder = DistributedApplication.CreateBuilder(args);

// --replicas N and --port N
var replicas = builder.Configuration.GetValue("replicas", 2);
var port = builder.Configuration.GetValue("port", 5080);
var environment = builder.Environment.EnvironmentName;

var jwtSigningKey = builder.AddParameter("jwt-signing-key", LettersAndDigits(64), secret: true, persist: true);
var cacheKeySalt = builder.AddParameter("cache-key-salt", LettersAndDigits(43), secret: true, persist: true);
var cacheEncryptionKey = builder.AddParameter("cache-encryption-key", LettersAndDigits(43), secret: true, persist: true);
var dataProtectionKey = builder.AddParameter("data-protection-key", LettersAndDigits(43), secret: true, persist: true);

var database = builder.AddMySql("mysql").WithDataVolume().AddDatabase("ecommerce");
var redis = builder.AddRedis("redis");

var prestashop = builder.AddProject<Projects.ECommerce_Mocks_PrestaShop>("prestashop", launchProfileName: null)
    .WithEnvironment("ASPNETCORE_ENVIRONMENT", environment)
    .WithHttpEndpoint()
    .WithHttpHealthCheck("/health");

var fatturapa = builder.AddProject<Projects.ECommerce_Mocks_FatturaPa>("fatturapa", launchProfileName: null)
    .WithEnvironment("ASPNETCORE_ENVIRONMENT", environment)
    .WithHttpEndpoint()
    .WithHttpHealthCheck("/health");

var api = builder.AddProject<Projects.ECommerce_Api>("api", launchProfileName: null)
    .WithReplicas(replicas)
    .WithReference(database).WaitFor(database)
    .WithReference(redis).WaitFor(redis)
    .WithReference(prestashop).WaitFor(prestashop)
    .WithReference(fatturapa).WaitFor(fatturapa)
    .WithEnvironment("ASPNETCORE_ENVIRONMENT", environment)
    .WithEnvironment("LOGGING__CONSOLE__FORMATTERNAME", "ecommerce-json")
    .WithEnvironment("JWT_SIGNING_KEY", jwtSigningKey)
    .WithEnvironment("CACHE_KEY_SALT", cacheKeySalt)
    .WithEnvironment("CACHE_ENCRYPTION_KEY", $"k1:{cacheEncryptionKey}")
    .WithEnvironment("DATA_PROTECTION_KEY", dataProtectionKey)
    .WithHttpEndpoint(port)
    .WithExternalHttpEndpoints()
    .WithHttpHealthCheck("/health");

var app = builder.Build();
_ = Welcome.PrintAsync(app, api.GetEndpoint("http"));
app.Run();

static GenerateParameterDefault LettersAndDigits(int length) => new() { MinLength = length, Special = false };
