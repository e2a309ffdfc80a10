using System.Diagnostics;

namespace ECommerce.Benchmarks.Table;

/// <summary>
/// One loop on one thread or on two at once. The threads are reused, as those of a pool are. Each runs the loop once
/// before it is timed, so that the entries are in the cache of its core.
/// </summary>
internal sealed class ThreadPair : IDisposable
{
    private readonly Action<int> _loop;
    private readonly int _operations;
    private readonly Thread[] _threads;
    private readonly double[] _times = new double[2];
    private readonly Barrier _rounds = new(3);
    private int _running, _waiting;

    public ThreadPair(Action<int> loop, int operations)
    {
        (_loop, _operations) = (loop, operations);
        _threads = [.. Enumerable.Range(0, 2).Select(index => new Thread(() => Run(index)))];
        foreach (var thread in _threads)
            thread.Start();
    }

    /// <summary>The slower thread's time for one operation, in nanoseconds.</summary>
    public double Both() => Round(2);

    /// <inheritdoc cref="Both"/>
    public double One() => Round(1);

    public void Dispose()
    {
        Round(0);
        foreach (var thread in _threads)
            thread.Join();
        _rounds.Dispose();
    }

    private double Round(int count)
    {
        _running = _waiting = count;
        _rounds.SignalAndWait();
        _rounds.SignalAndWait();
        return _times.Take(count).DefaultIfEmpty().Max();
    }

    private void Run(int index)
    {
        while (true)
        {
            _rounds.SignalAndWait();
            if (index < _running)
                _times[index] = Time();
            var isOver = _running == 0;
            _rounds.SignalAndWait();
            if (isOver)
                return;
        }
    }

    private double Time()
    {
        _loop(_operations);
        Interlocked.Decrement(ref _waiting);
        while (Volatile.Read(ref _waiting) > 0)
            Thread.SpinWait(1);
        var started = Stopwatch.GetTimestamp();
        _loop(_operations);
        return Stopwatch.GetElapsedTime(started).TotalNanoseconds / _operations;
    }
}
