using ECommerce.Benchmarks.Peers.Libraries;
using ECommerce.TestSupport;

namespace ECommerce.Benchmarks.Peers.Probes;

/// <summary>One run of a probe: a library, a Redis of its own and the nodes that the probe starts.</summary>
internal sealed class ProbeRun : IAsyncDisposable
{
    public const string Key = "probe:acme:1";
    public const string Tag = "campaign:spring";

    private readonly List<ICacheNode> _nodes = [];
    private TcpLink? _link;

    private ProbeRun(Library library, LocalRedis redis) => (Library, Redis) = (library, redis);

    public Library Library { get; }

    public LocalRedis Redis { get; }

    /// <summary>A proxy before Redis, which a probe can slow down or cut.</summary>
    public TcpLink Link => _link ??= new TcpLink(Redis.Port);

    public string AddressOfLink => $"127.0.0.1:{Link.Port}";

    public static async Task<ProbeRun> StartAsync(Library library) => new(library, await LocalRedis.StartNewAsync());

    /// <summary>Starts a node; settings that are not given have the defaults of <see cref="NodeSettings"/>.</summary>
    public async Task<ICacheNode> StartNodeAsync(Func<NodeSettings, NodeSettings>? change = null)
    {
        var settings = new NodeSettings(Redis.ConnectionString);
        var node = await Library.StartAsync(change is null ? settings : change(settings));
        _nodes.Add(node);
        return node;
    }

    /// <summary>Reads the probed key, with the probed tag; on a miss the value becomes the given one.</summary>
    public static async Task<string> ReadAsync(ICacheNode node, string value) =>
        await node.ReadAsync(Key, _ => Task.FromResult(value), [Tag]);

    public async ValueTask DisposeAsync()
    {
        foreach (var node in _nodes)
            await node.DisposeAsync();
        if (_link is not null)
            await _link.DisposeAsync();
        await Redis.DisposeAsync();
    }
}
