using System.Collections.Concurrent;
using System.Diagnostics;
using Microsoft.Extensions.Time.Testing;

namespace ECommerce.TestSupport;

/// <summary>
/// A <see cref="FakeTimeProvider"/> with which a test can wait until the code under test waits: advancing the clock
/// earlier would be lost.
/// </summary>
internal sealed class ManualTime() : FakeTimeProvider(new DateTimeOffset(2026, 7, 15, 10, 0, 0, TimeSpan.Zero))
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly ConcurrentDictionary<ITimer, TimeSpan> _running = [];
    private readonly ConcurrentDictionary<TimeSpan, TaskCompletionSource> _awaited = [];

    /// <summary>Completed as soon as a timer of this length runs.</summary>
    public Task WaitForTimerAsync(TimeSpan due)
    {
        // Registered before the look, so that a timer that starts in between completes it.
        var started = _awaited.GetOrAdd(due, static _ => new(TaskCreationOptions.RunContinuationsAsynchronously));
        if (_running.Values.Contains(due))
            started.TrySetResult();
        if (started.Task.IsCompleted)
            _awaited.TryRemove(KeyValuePair.Create(due, started));
        return started.Task.WaitAsync(TimeSpan.FromSeconds(20));
    }

    /// <summary>Advances step by step, whenever a timer runs, until a task has ended.</summary>
    public async Task AdvanceUntilAsync(Task task)
    {
        var started = Stopwatch.GetTimestamp();
        while (!task.IsCompleted)
        {
            Assert.True(Stopwatch.GetElapsedTime(started) < Patience, "It waits for something else than the time.");
            if (!_running.IsEmpty)
                Advance(TimeSpan.FromMilliseconds(250));
            await Task.WhenAny(task, Task.Delay(1));
        }
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new ObservedTimer(this);
        timer.Inner = base.CreateTimer(
            _ =>
            {
                if (timer.Period == Timeout.InfiniteTimeSpan)
                    _running.TryRemove(timer, out var _);
                callback(state);
            },
            null,
            Timeout.InfiniteTimeSpan,
            Timeout.InfiniteTimeSpan);
        timer.Change(dueTime, period);
        return timer;
    }

    private sealed class ObservedTimer(ManualTime time) : ITimer
    {
        public ITimer Inner { get; set; } = null!;

        public TimeSpan Period { get; private set; }

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            Period = period;
            // Announced after the timer runs: a test that advances the clock then must find it.
            var changed = Inner.Change(dueTime, period);
            if (dueTime == Timeout.InfiniteTimeSpan)
            {
                time._running.TryRemove(this, out _);
                return changed;
            }
            time._running[this] = dueTime;
            if (time._awaited.TryRemove(dueTime, out var started))
                started.TrySetResult();
            return changed;
        }

        public void Dispose()
        {
            time._running.TryRemove(this, out _);
            Inner.Dispose();
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
