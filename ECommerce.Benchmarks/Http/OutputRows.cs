using System.Net;
using ECommerce.Benchmarks.Peers.Output;
using ECommerce.Benchmarks.Table;

namespace ECommerce.Benchmarks.Http;

/// <summary>
/// Warm pages of one small site under three output stores, each against an endpoint of the same process that caches
/// nothing. All sides are measured in turn.
/// </summary>
internal static class OutputRows
{
    private const int Rounds = 15;
    private const int WarmUps = 8;
    private const int Pages = 64;
    private static readonly TimeSpan Duration = TimeSpan.FromMilliseconds(400);

    private static readonly Load Cached =
        new([.. Enumerable.Range(0, Pages).Select(OutputSite.PathOf)], HttpStatusCode.OK);

    private static readonly Load Bare = new([OutputSite.BarePath], HttpStatusCode.OK);

    public static async Task<Row[]> RunAsync(HttpMessageInvoker client, string redis)
    {
        var sites = new List<OutputSiteProcess>();
        try
        {
            foreach (var store in OutputStores.All)
                sites.Add(await OutputSiteProcess.StartAsync(store, redis));
            var rounds = sites.Select(_ => new List<(double Cached, double Bare)>()).ToArray();
            for (var round = -WarmUps; round < Rounds; round++)
            {
                foreach (var (index, site) in sites.Index())
                {
                    var cached = await Cached.RunAsync(client, site.Address, Duration);
                    var bare = await Bare.RunAsync(client, site.Address, Duration);
                    if (round >= 0)
                        rounds[index].Add((cached, bare));
                }
            }
            return [.. sites.Zip(rounds, (site, measured) => RowOf(site.Store, measured))];
        }
        finally
        {
            foreach (var site in sites)
                await site.DisposeAsync();
        }
    }

    private static Row RowOf(OutputStore store, List<(double Cached, double Bare)> rounds)
    {
        var (cached, bare) = rounds.OrderBy(round => round.Cached / round.Bare).ElementAt(Rounds / 2);
        return new Row(
            $"output store {store.Name()}: warm GET, anonymous, against a bare endpoint of its site",
            Row.NoTarget,
            cached / bare,
            Row.PerSecond(cached),
            Row.PerSecond(bare),
            AtLeast: true);
    }
}
