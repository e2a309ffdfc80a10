using System.Net.Http.Headers;
using System.Text;
using ECommerce.Features.Accounts;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace ECommerce.Api.Tests;

/// <summary>One API process on a real Kestrel: limits of bodies and connections are the server's.</summary>
// Any type of the API's assembly will do; "Program" there are several in sight.
internal sealed class ApiFactory : WebApplicationFactory<ApiExceptionHandler>
{
    public const string SigningKey = "a-signing-key-that-is-only-for-tests-0123456789";

    private readonly Dictionary<string, string> _settings;
    private readonly string _environment;

    public ApiFactory(
        string mySql, string redis, string environment = "Development", params IEnumerable<(
            string Name, string Value)> settings)
    {
        _environment = environment;
        _settings = Settings(mySql, redis);
        foreach (var (name, value) in settings)
            _settings[name] = value;
        UseKestrel(0);
    }

    /// <summary>Migrations that follow those of the program.</summary>
    public IEnumerable<MigrationScript> Migrations { get; init; } = [];

    /// <summary>Registrations in place of the program's.</summary>
    public Action<IServiceCollection> Replacements { get; init; } = static _ => { };

    /// <summary>The same settings for an API in a process of its own.</summary>
    public static IEnumerable<(string Name, string Value)> Environment(string mySql, string redis) =>
        Settings(
            mySql, redis).Select(
                setting => (setting.Key.Replace(":", "__", StringComparison.Ordinal), setting.Value)).Append(
                    ("ASPNETCORE_ENVIRONMENT", "Development"));

    protected override void ConfigureWebHost(IWebHostBuilder builder)
    {
        builder.UseEnvironment(_environment);
        foreach (var (name, value) in _settings)
            builder.UseSetting(name, value);
        builder.ConfigureTestServices(
            services =>
            {
                services.AddSingleton<IReadOnlyList<MigrationScript>>([.. MigrationScript.All, .. Migrations]);
                Replacements(services);
            });
        builder.ConfigureLogging(
            logging => logging.SetMinimumLevel(LogLevel.Warning).AddFilter("ECommerce.Features.Data", LogLevel.Error));
    }

    /// <summary>Starts, and waits for the tables.</summary>
    public async Task StartAsync()
    {
        StartServer();
        var schema = Services.GetRequiredService<SchemaState>();
        await Eventually.TrueAsync(() => schema.IsReady, "the tables are there", TimeSpan.FromMinutes(2));
    }

    public HttpClient Anonymous() => CreateDefaultClient();

    public HttpClient With(string token)
    {
        var client = Anonymous();
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return client;
    }

    public string Token(int userId, string username, string? tenant, string role) =>
        Services.GetRequiredService<AccessTokens>().Create(userId, username, tenant, role, version: 0).Token;

    private static Dictionary<string, string> Settings(string mySql, string redis) => new()
    {
        ["ConnectionStrings:ecommerce"] = mySql,
        ["ConnectionStrings:redis"] = redis,
        ["JWT_SIGNING_KEY"] = SigningKey,
        ["DATA_PROTECTION_KEY"] = Convert.ToBase64String(Encoding.ASCII.GetBytes("0123456789abcdef0123456789abcdef")),
        ["CACHE_KEY_SALT"] = "a-salt-that-is-only-for-tests",
        // Tests count reads and look at first ones.
        ["CACHE_WARMING"] = "false",
        // A test starts the syncs that it needs.
        ["SYNC_INTERVAL"] = "0",
        // A test polls the pools that it needs.
        ["FATTURAPA_POLL_INTERVAL"] = "0",
        // Nothing is sent anywhere but to the mock that a test names.
        ["FATTURAPA_BASE_URL"] = "http://127.0.0.1:9/ws/V10.svc/rest",
    };
}
