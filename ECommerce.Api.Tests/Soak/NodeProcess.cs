using System.Net;
using System.Net.Http.Headers;
using System.Text.Json.Nodes;

namespace ECommerce.Api.Tests.Soak;

/// <summary>
/// One node of the API in a process of its own, with links to Redis and to the database that can be cut. It can be
/// killed and started again.
/// </summary>
internal sealed class NodeProcess : IAsyncDisposable
{
    private readonly string _planted;
    private readonly (string Name, string Value)[] _environment;
    private readonly int _port = ChildProcess.FreePort();
    private ChildProcess? _process;

    public NodeProcess(
        LocalMySql mySql, string database, LocalRedis redis, string token, string planted, IEnumerable<(
            string Name, string Value)> settings)
    {
        _planted = planted;
        Redis = new TcpLink(redis.Port);
        Database = new TcpLink(mySql.Port);
        _environment =
        [
            .. ApiFactory.Environment(mySql.ThroughPort(database, Database.Port), $"127.0.0.1:{Redis.Port}"),
            ("LOGGING__CONSOLE__FORMATTERNAME", "ecommerce-json"),
            ("LOGGING__LOGLEVEL__DEFAULT", "Warning"),
            // Personal data goes to Redis too.
            ("CACHE_ENCRYPTION_KEY", $"k1:{Convert.ToBase64String("fedcba9876543210fedcba9876543210"u8)}"),
            .. settings,
        ];
        Client = new HttpClient(
            new MortalServerHandler())
        {
            BaseAddress = new Uri(
                $"http://127.0.0.1:{_port}"),
            Timeout = TimeSpan.FromSeconds(20)
        };
        Client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
    }

    public HttpClient Client { get; }

    public TcpLink Redis { get; }

    public TcpLink Database { get; }

    /// <summary>Whether it serves, as far as the test knows.</summary>
    public volatile bool IsUp;

    /// <summary>Starts, and waits until it serves and receives the messages of the other nodes.</summary>
    public async Task StartAsync()
    {
        _process = ChildProcess.Start(
            "dotnet",
            [typeof(NodeProcess).Assembly.Location, Program.NodeArgument, _planted, "--urls",
                $"http://127.0.0.1:{_port}"], _environment);
        await _process.UntilAsync(IsHealthyAsync);
        IsUp = true;
    }

    /// <summary>kill -9.</summary>
    public async Task KillAsync()
    {
        IsUp = false;
        if (_process is not null)
            await _process.DisposeAsync();
    }

    /// <summary>How many lines it has logged that contain a text, also before it was killed.</summary>
    public int Logged(string text) => _process?.LinesWith(text) ?? 0;

    public Task<bool> IsHealthyAsync() => IsAsync(static cache => (string?)cache?["status"] == "healthy");

    /// <summary>
    /// Whether it receives messages and Redis has its invalidations. A missing right is shown for a minute longer.
    /// </summary>
    public Task<bool> IsCoherentAsync() => IsAsync(static cache =>
        (string?)cache?["backplane"] == "connected" && (string?)cache?["circuit_breaker"] == "closed"
            && (int?)cache?["pending_invalidations"] == 0);

    private async Task<bool> IsAsync(Func<JsonNode?, bool> wanted)
    {
        try
        {
            using var health = await Client.GetAsync(new Uri("/health", UriKind.Relative));
            using var cache = await Client.GetAsync(new Uri("/health/cache", UriKind.Relative));
            return health.StatusCode == HttpStatusCode.OK
                && wanted(JsonNode.Parse(await cache.Content.ReadAsStringAsync()));
        }
        catch (Exception error) when (error is HttpRequestException or OperationCanceledException)
        {
            return false;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        Client.Dispose();
        await Redis.DisposeAsync();
        await Database.DisposeAsync();
    }
}
