using System.Net;
using StackExchange.Redis;

namespace ECommerce.Caching;

/// <summary>
/// Who the masters of a Redis Cluster are: which processes, with which slots. When that changes, a replica that had not got the last writes may have
/// taken the place of one that had, and versions may be old again.
/// </summary>
internal sealed class RedisMasters(IConnectionMultiplexer redis)
{
    private const int Slots = 16384;

    /// <summary>As of the last look; before the first one, the worse case.</summary>
    public bool IsCluster { get; private set; } = true;

    /// <summary>Empty for a single Redis, which tells who it is in the script that asks.</summary>
    /// <exception cref="TimeoutException">Not all slots have a master that answers: nothing can be said.</exception>
    public async Task<string> IdentityAsync()
    {
        var servers = redis.GetEndPoints().Select(endpoint => redis.GetServer(endpoint)).Where(server => server.IsConnected).ToArray();
        IsCluster = Array.Exists(servers, server => server.ServerType == ServerType.Cluster);
        if (!IsCluster)
            return string.Empty;
        var configuration = await (Array.Find(servers, server => !server.IsSlave) ?? servers[0]).ClusterNodesAsync().ConfigureAwait(false);
        var masters = configuration.Nodes.Where(node => !node.IsSlave && node.Slots.Count > 0).OrderBy(node => node.NodeId, StringComparer.Ordinal).ToArray();
        if (masters.Sum(master => master.Slots.Sum(range => range.To - range.From + 1)) != Slots)
            throw new TimeoutException("Not all slots of the Redis Cluster have a master.");
        var runs = await Task.WhenAll(masters.Select(master => RunAsync(master.EndPoint))).ConfigureAwait(false);
        return string.Join(' ', masters.Zip(runs, (master, run) => $"{run}={string.Join(',', master.Slots.Select(range => $"{range.From}-{range.To}"))}"));
    }

    private async Task<string> RunAsync(EndPoint endpoint)
    {
        var server = redis.GetServer(endpoint);
        var info = await server.InfoAsync("server").ConfigureAwait(false);
        return info.SelectMany(section => section).First(pair => pair.Key == "run_id").Value;
    }
}
