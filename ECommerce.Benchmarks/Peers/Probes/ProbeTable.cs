using System.Globalization;
using ECommerce.Benchmarks.Peers.Libraries;

namespace ECommerce.Benchmarks.Peers.Probes;

/// <summary>Every probe, run by each library; a table of right and wrong.</summary>
internal static class ProbeTable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    private static readonly Probe[] All =
    [
        .. new[]
        {
            FenceProbes.All, NodeProbes.All, SingleFlightProbes.All, RedisFaultProbes.All, ValueProbes.All,
            LifetimeProbes.All, OutageProbes.All,
        }.SelectMany(probes => probes).OrderBy(Number),
    ];

    /// <summary>Prints the table; returns whether ours is right in every row.</summary>
    public static async Task<bool> RunAsync(string[] only)
    {
        var names = Library.All.Select(library => library.Name);
        Console.WriteLine($"| | probe: what is right | {string.Join(" | ", names)} |");
        Console.WriteLine("|---|---|---|---|---|");
        var right = true;
        foreach (var probe in All.Where(probe => only.Length == 0 || only.Contains(probe.Id, StringComparer.Ordinal)))
        {
            var verdicts = new List<Verdict>();
            foreach (var library in Library.All)
                verdicts.Add(await RunAsync(probe, library));
            right &= verdicts[0].IsRight ?? true;
            Console.WriteLine($"| {probe.Id} | {probe.Scenario} | {string.Join(" | ", verdicts)} |");
        }
        return right;
    }

    private static async Task<Verdict> RunAsync(Probe probe, Library library)
    {
        await using var run = await ProbeRun.StartAsync(library);
        try
        {
            return await probe.RunAsync(run).WaitAsync(Limit);
        }
        catch (TimeoutException)
        {
            return Verdict.From(false, $"no result within {Limit.TotalSeconds:0} s");
        }
#pragma warning disable CA1031 // Whatever a library throws is the observation.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            return Verdict.From(false, exception.GetType().Name);
        }
    }

    private static int Number(Probe probe) =>
        int.Parse(probe.Id.Where(char.IsAsciiDigit).ToArray(), NumberStyles.None, CultureInfo.InvariantCulture);
}
