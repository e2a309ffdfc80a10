using System.Diagnostics;
using System.Globalization;

namespace ECommerce.TestSupport;

/// <summary>A Redis Cluster of three masters and three replicas on loopback.</summary>
public sealed class RedisCluster : IAsyncLifetime
{
    private const int Size = 6;

    // A fail-over is a fault that a test makes: no machine that has much to do makes one in the cluster of all tests.
    private readonly TimeSpan _nodeTimeout;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("ecommerce-cluster-");
    private readonly Dictionary<int, Process> _servers = [];

    public RedisCluster()
        : this(TimeSpan.FromMinutes(1))
    {
    }

    private RedisCluster(TimeSpan nodeTimeout) => _nodeTimeout = nodeTimeout;

    internal string Endpoints => string.Join(',', _servers.Keys.Select(port => $"127.0.0.1:{port}"));

    /// <summary>One that a test may damage: a replica soon takes the place of its master.</summary>
    public static async Task<RedisCluster> StartAsync()
    {
        var cluster = new RedisCluster(TimeSpan.FromSeconds(1.5));
        await cluster.InitializeAsync();
        return cluster;
    }

    public async ValueTask InitializeAsync()
    {
        var addresses = new List<string>();
        for (var i = 0; i < Size; i++)
        {
            var (port, bus) = (ChildProcess.FreePort(), ChildProcess.FreePort());
            _servers[port] = Start("redis-server",
                "--port", $"{port}", "--cluster-port", $"{bus}", "--bind", "127.0.0.1", "--save", "", "--appendonly",
                    "no", "--loglevel", "warning",
                "--dir", _folder.CreateSubdirectory($"{port}").FullName, "--cluster-enabled", "yes",
                    "--cluster-node-timeout", $"{_nodeTimeout.TotalMilliseconds}",
                // However long a replica received nothing of its master, it may take its place: that is the case that
                // loses writes.
                "--cluster-replica-validity-factor", "0", "--repl-diskless-sync-delay", "0");
            addresses.Add($"127.0.0.1:{port}@{bus}");
        }
        foreach (var port in _servers.Keys)
        {
            await Eventually.TrueAsync(
                async () => (await AskAsync(port, "PING")).Contains("PONG"), $"redis-server on {port} replies");
        }
        await RunAsync(["--cluster", "create", .. addresses, "--cluster-replicas", "1", "--cluster-yes"]);
        foreach (var port in _servers.Keys)
        {
            await Eventually.TrueAsync(
                async () => (await AskAsync(port, "CLUSTER", "INFO")).Contains("cluster_state:ok"),
                $"{port} knows the cluster");
        }
        foreach (var port in _servers.Keys)
        {
            await Eventually.TrueAsync(
                async () => (await AskAsync(port, "CLUSTER", "NODES"))
                .Split(" slave ").Length + (await AskAsync(port, "CLUSTER", "NODES"))
                .Split(",slave ").Length == Size / 2 + 2, $"{port} knows the replicas");
        }
        await Eventually.TrueAsync(
            async () => (await ReplicasAsync()).Count == Size / 2, "each master has a replica that follows it");
    }

    /// <summary>The cluster as a test's own Redis: with nothing in it.</summary>
    internal async Task<RedisServer> CleanAsync()
    {
        var clean = new Clean(Endpoints);
        using var client = clean.Connect();
        foreach (var server in client.GetEndPoints().Select(endpoint => client.GetServer(endpoint))
            .Where(server => !server.IsReplica))
        {
            foreach (var key in server.Keys(pageSize: 1000).ToArray())
                await client.GetDatabase().KeyDeleteAsync(key);
        }
        return clean;
    }

    /// <summary>The port of the master that has a key, and of its replica.</summary>
    internal async Task<(int Master, int Replica)> OwnersAsync(string key)
    {
        var slot = (await AskAsync(_servers.Keys.First(), "CLUSTER", "KEYSLOT", key)).Trim();
        var lines = (await AskAsync(Alive(), "CLUSTER", "NODES")).Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => line.Split(' ')).ToArray();
        var master = lines.Single(
            line => line[2].Contains("master") && line.Skip(8).Any(range => Covers(range, int.Parse(slot))));
        var replica = lines.First(line => line[2].Contains("slave") && line[3] == master[0]);
        return (Port(master[1]), Port(replica[1]));
    }

    internal static Task<string> AskAsync(int port, params string[] command) => RunAsync(["-p", $"{port}", .. command]);

    /// <summary>
    /// Waits until a replica has all that its master has now. WAIT would not do: it knows of its own connection's
    /// writes only.
    /// </summary>
    internal static async Task SyncedAsync(int master, int replica)
    {
        var written = await OffsetAsync(master, "master_repl_offset:");
        await Eventually.TrueAsync(
            async () => await OffsetAsync(replica, "slave_repl_offset:") >= written, "the replica has everything");
    }

    internal Task PauseAsync(int port) => ChildProcess.PauseAsync(_servers[port].Id);

    internal Task ResumeAsync(int port) => ChildProcess.ResumeAsync(_servers[port].Id);

    internal async Task KillAsync(int port)
    {
        _servers[port].Kill();
        await _servers[port].WaitForExitAsync();
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var server in _servers.Values)
        {
            if (!server.HasExited)
                server.Kill();
            await server.WaitForExitAsync();
            server.Dispose();
        }
        _folder.Delete(recursive: true);
    }

    private int Alive() => _servers.First(server => !server.Value.HasExited).Key;

    private async Task<List<string>> ReplicasAsync()
    {
        var following = new List<string>();
        foreach (var port in _servers.Keys)
        {
            if ((await AskAsync(port, "INFO", "replication")) is var info && info.Contains("role:slave")
                && info.Contains("master_link_status:up"))
            {
                following.Add(info);
            }
        }
        return following;
    }

    private static async Task<long> OffsetAsync(int port, string field)
    {
        var replication = await AskAsync(port, "INFO", "replication");
        return long.Parse(
            replication.Split('\n')
            .First(line => line.StartsWith(field, StringComparison.Ordinal))[field.Length..].Trim(),
            CultureInfo.InvariantCulture);
    }

    private static int Port(string address) => int.Parse(address.Split('@')[0].Split(':')[1]);

    private static bool Covers(string range, int slot) =>
        range.Split('-') is [var from, .. var to] && int.TryParse(from, out var low) && slot >= low
            && slot <= (to.Length > 0 ? int.Parse(to[0]) : low);

    private static async Task<string> RunAsync(string[] arguments)
    {
        using var client = Start("redis-cli", arguments);
        var output = await client.StandardOutput.ReadToEndAsync();
        await client.WaitForExitAsync();
        return output;
    }

    private static Process Start(string program, params string[] arguments) =>
        Process.Start(
            new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })
            ?? throw new InvalidOperationException($"{program} did not start.");

    private sealed class Clean(string endpoints) : RedisServer(endpoints)
    {
        // The cluster stays for the next test.
        public override ValueTask DisposeAsync() => base.DisposeAsync();
    }
}

[CollectionDefinition(nameof(RedisCluster))]
public sealed class OneRedisCluster : ICollectionFixture<RedisCluster>;
