using System.Net;
using System.Net.Http.Headers;
using ECommerce.Api.Tests.Hosting;

namespace ECommerce.Api.Tests.Operations;

/// <summary>HAProxy with the configuration of ops/compose, in front of two replicas.</summary>
[Collection(nameof(Soak.Alone))]
public sealed class BalancerTests(ApiFixture fixture) : IDisposable
{
    private const int Clients = 4;

    private readonly string _configuration = Path.GetTempFileName();
    private readonly int[] _ports = [ChildProcess.FreePort(), ChildProcess.FreePort()];
    private readonly int _port = ChildProcess.FreePort();
    private int _responses;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact(
        Skip = "HAProxy is installed by .ci/run full.", SkipType = typeof(ContainerSystem),
        SkipUnless = nameof(ContainerSystem.IsFullRun))]
    public async Task Replicas_are_restarted_one_after_another_and_no_request_is_lost()
    {
        var replicas = new[] { await StartAsync(_ports[0]), await StartAsync(_ports[1]) };
        await File.WriteAllTextAsync(_configuration, Configuration(), Ct);
        await using var haproxy = ChildProcess.Start("haproxy", "-f", _configuration);
        try
        {
            using var client = Client(_port);
            await haproxy.UntilAsync(async () => await StatusAsync(client, "/alive") == HttpStatusCode.OK);
            client.DefaultRequestHeaders.Authorization =
                new AuthenticationHeaderValue("Bearer", fixture.TokenOf("acme.admin"));
            using var stop = CancellationTokenSource.CreateLinkedTokenSource(Ct);
            var load = Enumerable.Range(0, Clients).Select(_ => LoadAsync(client, stop.Token)).ToArray();
            foreach (var (index, port) in _ports.Index())
            {
                await ServesAsync(_ports[1 - index], load);
                Assert.Equal(0, await replicas[index].TerminateAsync());
                await replicas[index].DisposeAsync();
                replicas[index] = await StartAsync(port);
            }
            await ServesAsync(_ports[1], load);
            await stop.CancelAsync();
            await Task.WhenAll(load);

            Assert.True(_responses > 100);
            foreach (var path in new[] { "/metrics", "/health", "/health/cache" })
                Assert.Equal(HttpStatusCode.NotFound, await StatusAsync(client, path));
        }
        finally
        {
            foreach (var replica in replicas)
                await replica.DisposeAsync();
        }
    }

    public void Dispose() => File.Delete(_configuration);

    // The same file, but for the addresses: there are no containers to be found by their name.
    private string Configuration()
    {
        var lines = File.ReadAllLines(Path.Combine(RepositoryRoot.Path, "ops", "compose", "haproxy.cfg"));
        var template = lines.Single(line => line.Contains("server-template ", StringComparison.Ordinal));
        var options = template[template.IndexOf("check ", StringComparison.Ordinal)..template.IndexOf(
            "resolvers ", StringComparison.Ordinal)];
        return string.Join('\n', lines.SelectMany(line => line == template
            ? _ports.Select(port => $"  server replica-{port} 127.0.0.1:{port} {options}")
            : [line.Replace("bind :8080", $"bind 127.0.0.1:{_port}", StringComparison.Ordinal)])) + "\n";
    }

    private async Task<ChildProcess> StartAsync(int port)
    {
        var replica = ChildProcess.Start(
            "dotnet",
            [
                typeof(BalancerTests).Assembly.Location, Program.NodeArgument, "none", "--urls",
                $"http://127.0.0.1:{port}",
            ],
            ApiFactory.Environment(fixture.Database, fixture.Redis.ConnectionString));
        using var client = Client(port);
        await replica.UntilAsync(async () => await StatusAsync(client, "/ready") == HttpStatusCode.OK);
        return replica;
    }

    /// <summary>Waits until the balancer sends requests to a replica, and for what the load has failed with.</summary>
    private static async Task ServesAsync(int port, Task[] load)
    {
        using var client = Client(port);
        await Eventually.TrueAsync(
            async () => load.Any(run => run.IsCompleted)
                || (await client.GetStringAsync(new Uri("/metrics", UriKind.Relative), Ct)).Split('\n').Any(
                    line => line.StartsWith("cache_hit_total{cache_layer=\"output\"", StringComparison.Ordinal)
                        && !line.EndsWith(" 0", StringComparison.Ordinal)),
            $"the replica at {port} serves");
        if (load.FirstOrDefault(run => run.IsCompleted) is { } failed)
            await failed;
    }

    private async Task LoadAsync(HttpClient client, CancellationToken stop)
    {
        for (var i = 0; !stop.IsCancellationRequested; i++)
        {
            using var response = i % 10 == 0
                ? await client.CallAsync(HttpMethod.Post, "/api/v1/products", Samples.Product())
                : await client.GetAnyAsync("/api/v1/order_states");
            Assert.True(response.IsSuccessStatusCode, $"{response.StatusCode}");
            Interlocked.Increment(ref _responses);
        }
    }

    private static HttpClient Client(int port) =>
        new(new MortalServerHandler()) { BaseAddress = new Uri($"http://127.0.0.1:{port}") };

    private static async Task<HttpStatusCode?> StatusAsync(HttpClient client, string path)
    {
        try
        {
            using var response = await client.GetAsync(new Uri(path, UriKind.Relative), Ct);
            return response.StatusCode;
        }
        catch (HttpRequestException)
        {
            return null;
        }
    }
}
