using System.Diagnostics;
using System.Net.Http.Headers;
using Aspire.Hosting.Testing;
using ECommerce.Api.Tests.EndToEnd;
using ECommerce.AppHost.Hosting;

namespace ECommerce.Api.Tests.Hosting;

/// <summary>Alone: images are built and four containers start.</summary>
[Collection(nameof(Soak.Alone))]
public sealed class ContainerTests
{
    private static readonly string[] Names = ["redis", "mysql", "prestashop", "fatturapa"];

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact(
        Skip = "Containers are tested by .ci/run full.", SkipType = typeof(ContainerSystem),
        SkipUnless = nameof(ContainerSystem.IsFullRun))]
    public async Task Shop_is_imported_and_cached_with_every_server_in_a_container()
    {
        var system = new ContainerSystem();
        var containers = new List<string>();
        await system.InitializeAsync();
        try
        {
            foreach (var name in Names)
            {
                var container = await system.App.ResourceNotifications.WaitForResourceHealthyAsync(name, Ct);
                Assert.Equal("Container", container.Snapshot.ResourceType);
                containers.Add(container.ResourceId);
            }

            using var client = system.App.CreateHttpClient("api");
            var session = await client.PostJsonAsync(
                "/api/v1/auth/login", new { username = "acme.admin", password = "demo-Passw0rd!" });
            client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue(
                "Bearer", (string)session["access_token"]!);
            var run = await new SyncFollower(client).RunAsync("full");
            Assert.True((int)run["created"]! > 200, run.ToJsonString());

            var order = (await client.GetJsonAsync("/api/v1/orders?shop_id=1&limit=1"))["items"]![0]!;
            using var first = await client.GetAnyAsync($"/api/v1/orders/{order["id"]}");
            await Eventually.TrueAsync(
                async () =>
                {
                    using var again = await client.GetAnyAsync($"/api/v1/orders/{order["id"]}");
                    return again.CacheStatus().Contains("; hit;", StringComparison.Ordinal);
                },
                "the order is cached");
        }
        finally
        {
            await system.DisposeAsync();
        }

        await Eventually.TrueAsync(
            async () => !(await RunningAsync()).Intersect(containers).Any(), "every container is removed");
    }

    private static async Task<string[]> RunningAsync()
    {
        var runtime = ContainerRuntime.Find()!;
        using var list = Process.Start(
            new ProcessStartInfo(
                runtime, ["ps", "--all", "--format", "{{.Names}}"])
            { RedirectStandardOutput = true })!;
        return (await list.StandardOutput.ReadToEndAsync(Ct)).Split('\n');
    }
}
