using System.Net;
using StackExchange.Redis;

namespace ECommerce.Caching.Redis;

/// <summary>
/// The masters of a Redis Cluster: which processes, with which slots. When that changes, a replica that had not got the
/// last writes may have taken the place of one that had, and versions may be old again.
/// </summary>
internal sealed class RedisTopology(IConnectionMultiplexer redis)
{
    private const int Slots = 16384;

    /// <summary>As of the last look; before the first one, the worse case.</summary>
    public bool IsCluster { get; private set; } = true;

    /// <summary>Empty for a single Redis, whose run id the heartbeat script reads.</summary>
    /// <exception cref="TimeoutException">Not all slots have a master that responds: the identity is
    /// unknown.</exception>
    public async Task<string> IdentityAsync()
    {
        var servers = Connected();
        IsCluster = Array.Exists(servers, IsPartOfCluster);
        if (!IsCluster)
            return string.Empty;
        var masters = await MastersAsync(servers).ConfigureAwait(false);
        var runs = await Task.WhenAll(masters.Select(master => RunAsync(master.EndPoint!))).ConfigureAwait(false);
        return string.Join(
            ' ', masters.Zip(
            runs, (master, run) =>
            $"{run}={string.Join(',', master.Slots.Select(range => $"{range.From}-{range.To}"))}"));
    }

    /// <summary>All servers that together have all keys.</summary>
    /// <exception cref="TimeoutException">One of them is not available: its keys are unknown.</exception>
    public async Task<IReadOnlyList<IServer>> ServersAsync()
    {
        var servers = Connected();
        var masters = Array.Exists(servers, IsPartOfCluster)
            ? Array.ConvertAll(
                await MastersAsync(servers).ConfigureAwait(false), master => redis.GetServer(master.EndPoint!))
            : Array.FindAll(servers, static server => !server.IsReplica);
        return masters.Length > 0 && Array.TrueForAll(masters, static server => server.IsConnected)
            ? masters
            : throw new TimeoutException("Not all masters of Redis can be asked.");
    }

    private IServer[] Connected() => [
        .. redis.GetEndPoints().Select(endpoint => redis.GetServer(endpoint))
        .Where(static server => server.IsConnected)];

    private static bool IsPartOfCluster(IServer server) => server.ServerType == ServerType.Cluster;

    private static async Task<ClusterNode[]> MastersAsync(IServer[] connected)
    {
        var configuration = await NodesAsync(Array.Find(connected, static server => !server.IsReplica) ?? connected[0])
            .ConfigureAwait(false);
        var masters = configuration.Nodes.Where(static node => !node.IsReplica && node.Slots.Count > 0)
            .OrderBy(static node => node.NodeId, StringComparer.Ordinal).ToArray();
        return masters.Sum(static master => master.Slots.Sum(static range => range.To - range.From + 1)) == Slots
            ? masters
            : throw new TimeoutException("Not all slots of the Redis Cluster have a master.");
    }

    private static async Task<ClusterConfiguration> NodesAsync(IServer server)
    {
        try
        {
            return await server.ClusterNodesAsync().ConfigureAwait(false)
                ?? throw new TimeoutException("The Redis Cluster does not list its nodes.");
        }
        catch (RedisCommandException exception)
        {
            throw new InvalidOperationException(
                "A Redis Cluster needs a connection with allowAdmin=true: its masters are read by CLUSTER NODES.",
                exception);
        }
    }

    private async Task<string> RunAsync(EndPoint endpoint)
    {
        var server = redis.GetServer(endpoint);
        var info = await server.InfoAsync("server").ConfigureAwait(false);
        return info.SelectMany(section => section).First(pair => pair.Key == "run_id").Value;
    }
}
