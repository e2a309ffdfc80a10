using System.Net;
using System.Net.Http.Headers;
using ECommerce.Api.Tests.Data;
using ECommerce.Api.Tests.Hosting;

namespace ECommerce.Api.Tests.Operations.Images;

/// <summary>Alone: images are built. The servers are those of the other tests.</summary>
[Collection(nameof(Soak.Alone))]
public sealed class ImageTests(ApiFixture fixture) : IDisposable
{
    private const string Reason = "Images are tested by .ci/run full.";
    private const string Password = "correct horse 1";

    private readonly DirectoryInfo _secrets = Directory.CreateTempSubdirectory("ecommerce-secrets-");

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact(
        Skip = Reason, SkipType = typeof(ContainerSystem), SkipUnless = nameof(ContainerSystem.IsFullRun))]
    public async Task Api_is_migrated_and_administered_and_serves_without_root_on_a_read_only_root()
    {
        var image = await ServiceImage.BuildAsync("ECommerce.Api");
        var owner = await fixture.MySql.CreateDatabaseAsync();
        var migrations = Options(owner);
        var service = Options(await DataUser.CreateAsync(owner));

        Assert.Contains(
            "migrations are applied", (await image.RunAsync(migrations, "", "migrate")).Succeeded().Output,
            StringComparison.Ordinal);
        (await image.RunAsync(service, "", "tenant", "add", "rossi", "--name", "Rossi")).Succeeded();
        (await image.RunAsync(
            service, Password, "user", "add", "rossi.admin", "--tenant", "rossi", "--role", "ADMIN")).Succeeded();
        await using var api = await image.StartAsync(ChildProcess.FreePort(), service);
        await api.HealthyAsync();

        await AssertHardenedAsync(api);
        var session = await api.Client.PostJsonAsync(
            "/api/v1/auth/login", new { username = "rossi.admin", password = Password });
        api.Client.DefaultRequestHeaders.Authorization =
            new AuthenticationHeaderValue("Bearer", (string)session["access_token"]!);
        var product = await api.Client.PostJsonAsync("/api/v1/products", Samples.Product());
        var read = await api.Client.GetJsonAsync($"/api/v1/products/{product["id"]}");
        Assert.Equal((string?)product["name"], (string?)read["name"]);
        await api.TerminatesAsync();
    }

    [Theory(
        Skip = Reason, SkipType = typeof(ContainerSystem), SkipUnless = nameof(ContainerSystem.IsFullRun))]
    [InlineData("ECommerce.Mocks.PrestaShop")]
    [InlineData("ECommerce.Mocks.FatturaPa")]
    public async Task Mock_serves_without_root_on_a_read_only_root(string project)
    {
        var image = await ServiceImage.BuildAsync(project);

        await using var mock = await image.StartAsync(ChildProcess.FreePort());
        await mock.HealthyAsync();

        await AssertHardenedAsync(mock);
        await mock.TerminatesAsync();
    }

    public void Dispose() => _secrets.Delete(recursive: true);

    private static async Task AssertHardenedAsync(ServiceContainer container)
    {
        using var alive = await container.Client.GetAsync(new Uri("/alive", UriKind.Relative), Ct);
        Assert.Equal(HttpStatusCode.OK, alive.StatusCode);
        Assert.Equal(1654, await container.UserIdAsync());
        foreach (var folder in new[] { "/app", "/tmp" })
        {
            var written = await container.ExecuteAsync("cp", "/etc/passwd", folder + "/file");
            Assert.Contains("Read-only file system", written.Error, StringComparison.Ordinal);
        }
    }

    // Every secret by a file, as the compose file and the manifests mount them.
    private string[] Options(string database)
    {
        var folder = _secrets.CreateSubdirectory(Samples.Unique("s"));
        var settings = ApiFactory.Environment(database, fixture.Redis.ConnectionString)
            .Where(setting => setting.Name != "ASPNETCORE_ENVIRONMENT");
        var options = new List<string> { "--volume", $"{folder.FullName}:/secrets:ro" };
        foreach (var (name, value) in settings)
        {
            File.WriteAllText(Path.Combine(folder.FullName, name), value);
            options.AddRange(["--env", $"{name}_FILE=/secrets/{name}"]);
        }
        return [.. options];
    }
}
