using ECommerce.Benchmarks.Peers.Costs;
using ECommerce.Benchmarks.Peers.Output;
using ECommerce.Benchmarks.Peers.Probes;
using ECommerce.TestSupport;

namespace ECommerce.Benchmarks.Peers;

/// <summary>Ours beside FusionCache and HybridCache: a table of costs, then tables of behaviours.</summary>
internal static class PeersMode
{
    public static async Task<int> RunAsync(string[] arguments)
    {
        var (part, rest) = arguments is [var first, .. var others] ? (first, others) : ("", []);
        if (part is "" or "costs")
        {
            await using var redis = await LocalRedis.StartNewAsync();
            await CostRows.PrintAsync(redis.ConnectionString);
            Console.WriteLine();
        }
        var isRight = true;
        if (part is "" or "probes")
        {
            isRight &= await ProbeTable.RunAsync(rest);
            Console.WriteLine();
            isRight &= await OutputProbeTable.RunAsync(rest);
        }
        return isRight ? 0 : 1;
    }
}
