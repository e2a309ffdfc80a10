using ECommerce.Benchmarks.Peers.Libraries;

namespace ECommerce.Benchmarks.Peers.Costs;

/// <summary>One node of each library, started alike.</summary>
internal sealed class PeerNodes : IAsyncDisposable
{
    private readonly ICacheNode[] _all;

    private PeerNodes(ICacheNode[] all) => _all = all;

    public IReadOnlyList<ICacheNode> All => _all;

    public OurNode Ours => (OurNode)_all[0];

    public FusionNode Fusion => (FusionNode)_all[1];

    public MicrosoftNode Microsoft => (MicrosoftNode)_all[2];

    public static async Task<PeerNodes> StartAsync(NodeSettings settings)
    {
        var all = new List<ICacheNode>();
        foreach (var library in Library.All)
            all.Add(await library.StartAsync(settings));
        return new PeerNodes([.. all]);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var node in _all)
            await node.DisposeAsync();
    }
}
