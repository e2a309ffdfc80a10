using System.Collections.Concurrent;
using System.Diagnostics;

namespace ECommerce.Api.Tests.Soak;

internal enum Ending
{
    /// <summary>It has a response, and all nodes have applied it.</summary>
    Applied,

    /// <summary>It has a response, and some node may not have applied it.</summary>
    Deferred,

    /// <summary>Committed without a response.</summary>
    Lost,
}

/// <summary>One write: the version that it made, when its end was seen, and by which node.</summary>
internal sealed record Write(Entity Entity, long Version, Ending Ending, long EndedAt, int Node);

/// <summary>One response: when it was requested, from which node, and which layer served it.</summary>
internal sealed record Read(int Node, string Path, long StartedAt, string Layer);

/// <summary>A row in a response.</summary>
internal readonly record struct Sight(Read Read, Entity Entity, long Version);

/// <summary>A read that began when it could not show an older version than a write had made, and did.</summary>
internal sealed record Violation(Sight Sight, Write Write, long DueAt);

/// <summary>
/// Everything that happened, by one clock, and the judgement on it: what a read may not show any more when it starts.
/// </summary>
internal sealed class History
{
    // What a deferred write promises, and what is added where a node died with it.
    private static readonly TimeSpan DeferredBound = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan KilledBound = TimeSpan.FromSeconds(1.5);

    private readonly ConcurrentQueue<Write> _writes = new();
    private readonly ConcurrentQueue<Sight> _sights = new();
    private readonly ConcurrentQueue<Read> _reads = new();
    private readonly ConcurrentQueue<(long At, string What)> _faults = new();
    private readonly ConcurrentQueue<long> _kills = new();
    private readonly long _start = Stopwatch.GetTimestamp();
    private int _failedReads, _failedWrites;

    public static long Now => Stopwatch.GetTimestamp();

    public void Wrote(Write write) => _writes.Enqueue(write);

    public void Failed(bool write)
    {
        if (write)
            Interlocked.Increment(ref _failedWrites);
        else
            Interlocked.Increment(ref _failedReads);
    }

    public void Saw(Read read, IEnumerable<(Entity Entity, long Version)> rows)
    {
        _reads.Enqueue(read);
        foreach (var (entity, version) in rows)
            _sights.Enqueue(new Sight(read, entity, version));
    }

    public void Fault(string what) => _faults.Enqueue((Now, what));

    public void Killed() => _kills.Enqueue(Now);

    public int Reads => _reads.Count;

    public int Writes => _writes.Count;

    /// <summary>When no read that starts may show less than a write any more.</summary>
    public long DueAt(Write write)
    {
        if (write.Ending == Ending.Applied)
            return write.EndedAt;
        var due = write.EndedAt + Ticks(DeferredBound);
        return write.Ending == Ending.Lost || _kills.Any(kill => kill > write.EndedAt && kill < due)
            ? due + Ticks(KilledBound)
            : due;
    }

    public IReadOnlyList<Violation> Judge()
    {
        var due = _writes.ToArray().GroupBy(write => write.Entity)
            .ToDictionary(
                group =>
                    group.Key, group =>
                        group.Select(write => (At: DueAt(write), Write: write))
                            .OrderByDescending(one => one.Write.Version).ToArray());
        return
        [
            .. from sight in _sights.ToArray()
               where due.ContainsKey(sight.Entity)
               let broken = due[sight.Entity].TakeWhile(one => one.Write.Version > sight.Version)
                   .FirstOrDefault(one => one.At < sight.Read.StartedAt)
               where broken.Write is not null
               select new Violation(sight, broken.Write, broken.At),
        ];
    }

    /// <summary>How long after the end of such a write a read that still showed the past began at the latest.</summary>
    public TimeSpan Longest(Ending ending)
    {
        var writes = _writes.Where(write => write.Ending == ending).ToLookup(write => write.Entity);
        var latest = _sights.SelectMany(
            sight =>
                writes[sight.Entity].Where(write => write.Version > sight.Version)
                    .Select(write => sight.Read.StartedAt - write.EndedAt)).DefaultIfEmpty().Max();
        return TimeSpan.FromSeconds(Math.Max(0, latest) / (double)Stopwatch.Frequency);
    }

    public string Summary()
    {
        var writes = _writes.ToArray();
        var faults = string.Join(
            ", ", _faults.GroupBy(fault => fault.What.Split(':')[0]).OrderBy(kind => kind.Key, StringComparer.Ordinal)
                .Select(kind => $"{kind.Count()} {kind.Key}"));
        var layers = string.Join(
            ", ", _reads.GroupBy(read => read.Layer).OrderByDescending(layer => layer.Count())
                .Select(layer => $"{layer.Count()} {layer.Key}"));
        var deferred = writes.Count(write => write.Ending == Ending.Deferred);
        var lost = writes.Count(write => write.Ending == Ending.Lost);
        return $"""
            {_reads.Count} reads ({layers}; {_failedReads} without a response), {_sights.Count} rows seen
            {writes.Length} writes ({deferred} deferred, {lost} committed without a response; {_failedWrites} failed)
            faults: {faults}
            longest time after a write in which the value before it was shown:
            - applied: {Longest(Ending.Applied).TotalMilliseconds:0} ms
            - deferred: {Longest(Ending.Deferred).TotalMilliseconds:0} ms
            - without a response: {Longest(Ending.Lost).TotalMilliseconds:0} ms
            violations: {Judge().Count}
            """;
    }

    public string Describe(Violation violation)
    {
        var (sight, write, due) = violation;
        var around = _faults.Where(fault => fault.At < sight.Read.StartedAt).TakeLast(4)
            .Select(fault => $"{Seconds(fault.At)} {fault.What}");
        return $"{sight.Entity} in {sight.Read.Path} of node {sight.Read.Node} ({sight.Read.Layer}), "
            + $"requested at {Seconds(sight.Read.StartedAt)}, shows {sight.Version}; "
            + $"node {write.Node} ended the write of {write.Version} at {Seconds(write.EndedAt)} ({write.Ending}), "
            + $"due at {Seconds(due)}. Before: {string.Join("; ", around)}";
    }

    private string Seconds(long at) => $"{(at - _start) / (double)Stopwatch.Frequency:0.000}";

    private static long Ticks(TimeSpan time) => (long)(time.TotalSeconds * Stopwatch.Frequency);
}
