using System.Net;
using ECommerce.Api.Tests.Hosting;
using ECommerce.ServiceDefaults;
using YamlDotNet.Serialization;
using static System.StringComparison;

namespace ECommerce.Api.Tests.Operations;

/// <summary>
/// The files of ops/compose, as docker-compose and HAProxy judge them, and whether they fit together.
/// </summary>
public sealed class ComposeTests : IDisposable
{
    private const string Reason = "docker-compose and HAProxy are installed by .ci/run full.";

    private static readonly string Folder = Path.Combine(RepositoryRoot.Path, "ops", "compose");

    private readonly DirectoryInfo _copy = Directory.CreateTempSubdirectory("ecommerce-compose-");

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact(Skip = Reason, SkipType = typeof(ContainerSystem), SkipUnless = nameof(ContainerSystem.IsFullRun))]
    public async Task Compose_file_satisfies_its_schema_and_every_secret_reaches_the_services_that_name_it()
    {
        var secrets = await MakeSecretsAsync();
        var resolved = (await ConfigAsync(await File.ReadAllTextAsync(Path.Combine(Folder, "compose.yaml"), Ct)))
            .Succeeded();
        var file = Map(new DeserializerBuilder().Build().Deserialize(resolved.Output));
        var services = Map(file["services"]);
        var declared = Map(file["secrets"]);

        Assert.Equal(secrets.Keys.Order(), declared.Keys.Order());
        Assert.All(
            declared, one => Assert.EndsWith($"/secrets/{one.Key}", (string)Map(one.Value)["file"], Ordinal));

        Assert.Equal(["api", "balancer", "migrate", "mysql", "redis"], services.Keys.Order());
        foreach (var (name, database) in ((string, string)[])[("api", "mysql_api"), ("migrate", "mysql_migrations")])
        {
            var service = Map(services[name]);
            var files = Map(service["environment"]).Where(pair => pair.Key.EndsWith("_FILE", Ordinal))
                .ToDictionary(pair => pair.Key, pair => (string)pair.Value);
            var mounted = ((List<object>)service["secrets"]).Select(secret => (string)Map(secret)["source"]).ToArray();

            Assert.Equal($"/run/secrets/{database}", files["ConnectionStrings__ecommerce_FILE"]);
            Assert.All(files.Keys, setting => Assert.Contains(
                setting[..^"_FILE".Length].Replace("__", ":", Ordinal), SecretFiles.Names));
            Assert.Equal(mounted.Order(), files.Values.Select(Path.GetFileName).Order());
            Assert.Subset(declared.Keys.ToHashSet(), mounted.ToHashSet());
        }
        var networks = Map(file["networks"]);
        foreach (var service in services.Values.Select(Map))
        {
            Assert.Equal("true", (string)service["read_only"]);
            Assert.Subset(networks.Keys.ToHashSet(), Map(service["networks"]).Keys.ToHashSet());
        }
    }

    [Theory(Skip = Reason, SkipType = typeof(ContainerSystem), SkipUnless = nameof(ContainerSystem.IsFullRun))]
    [InlineData("healthcheck:", "helthcheck:")]
    [InlineData("condition: service_healthy", "condition: [service_healthy]")]
    [InlineData("read_only: true", "read_only: [true]")]
    public async Task Compose_file_with_a_fault_is_refused(string right, string wrong)
    {
        var text = await File.ReadAllTextAsync(Path.Combine(Folder, "compose.yaml"), Ct);
        Assert.Contains(right, text, Ordinal);

        Assert.NotEqual(0, (await ConfigAsync(text.Replace(right, wrong))).ExitCode);
    }

    [Fact(Skip = Reason, SkipType = typeof(ContainerSystem), SkipUnless = nameof(ContainerSystem.IsFullRun))]
    public async Task HAProxy_accepts_its_configuration() =>
        (await Tool.RunAsync("haproxy", ["-c", "-f", Path.Combine(Folder, "haproxy.cfg")])).Succeeded();

    [Fact]
    public async Task Secrets_are_made_once_and_the_api_starts_with_them_and_with_the_rights_of_its_user_of_Redis()
    {
        var secrets = await MakeSecretsAsync();
        Assert.Equal(secrets, await MakeSecretsAsync());
        await using var redis = await LocalRedis.StartNewAsync();
        // A line of the file of users, "user NAME RULE RULE…", has what the command has.
        var user = secrets["redis_users"].Split('\n').Single(line => line.StartsWith("user api ", Ordinal));
        Assert.StartsWith("+OK", await RedisWire.AskAsync(redis.Port, $"ACL SETUSER {user["user ".Length..]}"));

        await using var mySql = await LocalMySql.StartNewAsync();
        await using var api = new ApiFactory(
            await mySql.CreateDatabaseAsync(), secrets["redis"].Replace("redis:6379", redis.ConnectionString),
            "Production", ("JWT_SIGNING_KEY", secrets["jwt_signing_key"]),
            ("DATA_PROTECTION_KEY", secrets["data_protection_key"]), ("CACHE_KEY_SALT", secrets["cache_key_salt"]),
            ("CACHE_ENCRYPTION_KEY", secrets["cache_encryption_key"]));
        await api.StartAsync();

        using var health = await api.Anonymous().GetAnyAsync("/health");
        Assert.Equal(HttpStatusCode.OK, health.StatusCode);
        var cache = await api.Anonymous().GetJsonAsync("/health/cache");
        Assert.Equal(("healthy", "connected"), ((string?)cache["redis"], (string?)cache["backplane"]));
    }

    public void Dispose() => _copy.Delete(recursive: true);

    private async Task<Dictionary<string, string>> MakeSecretsAsync()
    {
        var folder = Path.Combine(_copy.FullName, "secrets");
        (await Tool.RunAsync("bash", [Path.Combine(Folder, "make-secrets.sh"), folder])).Succeeded();
        return Directory.GetFiles(folder).ToDictionary(file => Path.GetFileName(file), File.ReadAllText);
    }

    private async Task<Tool> ConfigAsync(string text)
    {
        var file = Path.Combine(_copy.FullName, "compose.yaml");
        await File.WriteAllTextAsync(file, text, Ct);
        return await Tool.RunAsync("docker-compose", ["-f", file, "config"]);
    }

    private static Dictionary<string, object> Map(object? value) =>
        ((Dictionary<object, object>)value!).ToDictionary(pair => (string)pair.Key, pair => pair.Value);
}
