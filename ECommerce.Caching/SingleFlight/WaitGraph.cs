namespace ECommerce.Caching.SingleFlight;

/// <summary>
/// Which runs wait for which: a factory that reads another key waits for the run of that key. A wait that would close a
/// cycle never ends, so it throws instead. Waits between nodes are not known here; the deadline of a run ends those.
/// </summary>
internal sealed class WaitGraph
{
    private static readonly AsyncLocal<SingleFlightRun?> Current = new();

    // Only factories that read other keys take it, and for the length of a short chain.
    private readonly Lock _lock = new();

    /// <summary>From now on the flow is the factory of a run.</summary>
    public static void Begin(SingleFlightRun run) => Current.Value = run;

    /// <summary>The run whose factory the flow is; null outside factories.</summary>
    public static SingleFlightRun? Run => Current.Value;

    /// <summary>The factory of the caller's flow begins to wait for a run; null outside factories.</summary>
    /// <exception cref="InvalidOperationException">The run waits for that factory, directly or by way of
    /// others.</exception>
    public Wait? Enter(SingleFlightRun target)
    {
        if (Current.Value is not { HasEnded: false } waiting || target.HasEnded)
            return null;
        lock (_lock)
        {
            List<SingleFlightRun> path = [];
            if (Leads_NeedsLock(target, waiting, path))
            {
                var keys = string.Join(" -> ", path.Prepend(waiting).Select(static run => run.Key));
                throw new InvalidOperationException($"Factories of cached values wait for each other: {keys}.");
            }
            waiting.WaitsFor.Add(target);
        }
        return new Wait(this, waiting, target);
    }

    // Depth first; without a cycle no run is reached twice on one path, and chains are short.
    private static bool Leads_NeedsLock(SingleFlightRun from, SingleFlightRun to, List<SingleFlightRun> path)
    {
        path.Add(from);
        if (from == to)
            return true;
        foreach (var next in from.WaitsFor)
        {
            if (Leads_NeedsLock(next, to, path))
                return true;
        }
        path.RemoveAt(path.Count - 1);
        return false;
    }

    /// <summary>A wait that ends when it is disposed.</summary>
    internal sealed class Wait(WaitGraph graph, SingleFlightRun waiting, SingleFlightRun target) : IDisposable
    {
        public void Dispose()
        {
            lock (graph._lock)
                waiting.WaitsFor.Remove(target);
        }
    }
}
