namespace ECommerce.Api.Tests.ServiceDefaults;

/// <summary>Time that stands still until a test moves it, and tells when somebody begins to wait.</summary>
internal sealed class ManualTime : TimeProvider
{
    private readonly Lock _lock = new();
    private readonly List<ManualTimer> _timers = [];
    private readonly List<(TimeSpan Due, TaskCompletionSource Created)> _watchers = [];
    private DateTimeOffset _now = new(2026, 7, 15, 10, 0, 0, TimeSpan.Zero);

    public override DateTimeOffset GetUtcNow()
    {
        lock (_lock) return _now;
    }

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => GetUtcNow().UtcTicks;

    /// <summary>Done as soon as a timer of this length is running.</summary>
    public Task WaitForTimerAsync(TimeSpan due)
    {
        lock (_lock)
        {
            if (_timers.Exists(timer => timer.Length == due)) return Task.CompletedTask;
            var created = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _watchers.Add((due, created));
            return created.Task.WaitAsync(TimeSpan.FromSeconds(20));
        }
    }

    public void Advance(TimeSpan by)
    {
        ManualTimer[] due;
        lock (_lock)
        {
            _now += by;
            due = [.. _timers.Where(timer => timer.At <= _now)];
            foreach (var timer in due)
            {
                if (timer.Period == Timeout.InfiniteTimeSpan)
                    _timers.Remove(timer);
                else
                    timer.At = _now + timer.Period;
            }
        }

        foreach (var timer in due) timer.Fire();
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new ManualTimer(this, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    private void Start(ManualTimer timer, TimeSpan dueTime)
    {
        lock (_lock)
        {
            _timers.Remove(timer);
            if (dueTime == Timeout.InfiniteTimeSpan) return;

            (timer.Length, timer.At) = (dueTime, _now + dueTime);
            _timers.Add(timer);
            foreach (var watcher in _watchers.Where(watcher => watcher.Due == dueTime)) watcher.Created.TrySetResult();
        }
    }

    private sealed class ManualTimer(ManualTime time, TimerCallback callback, object? state) : ITimer
    {
        public TimeSpan Length { get; set; }

        public DateTimeOffset At { get; set; }

        public TimeSpan Period { get; private set; } = Timeout.InfiniteTimeSpan;

        public void Fire() => callback(state);

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            Period = period;
            time.Start(this, dueTime);
            return true;
        }

        public void Dispose() => time.Start(this, Timeout.InfiniteTimeSpan);

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
