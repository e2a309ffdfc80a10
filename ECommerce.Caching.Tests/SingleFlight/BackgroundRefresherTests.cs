using System.Diagnostics;
using ECommerce.Caching.Diagnostics;
using ECommerce.Caching.Memory;
using ECommerce.Caching.Policies;
using ECommerce.Caching.SingleFlight;
using Microsoft.Extensions.Logging.Abstractions;

namespace ECommerce.Caching.Tests.SingleFlight;

/// <summary>
/// The bounds of background refreshes: how many at once, for how long, how often, and that none belongs to a request.
/// </summary>
public sealed class BackgroundRefresherTests : IDisposable
{
    private static readonly AsyncLocal<string?> Surroundings = new();

    private readonly CacheClock _clock = new();
    private readonly ManualTime _time = new();
    private readonly BackgroundRefresher _refreshes;

    public BackgroundRefresherTests() =>
        _refreshes = new BackgroundRefresher(_clock, new CacheLog(NullLogger.Instance), _time);

    public void Dispose() => _refreshes.Dispose();

    [Fact]
    public async Task Only_sixteen_run_at_once_and_a_refused_refresh_may_be_tried_again()
    {
        var (begun, end) = (0, new TaskCompletionSource());
        var entries = Enumerable.Range(0, 17).Select(_ => Entry()).ToArray();
        Task Run(CancellationToken ct)
        {
            Interlocked.Increment(ref begun);
            return end.Task;
        }

        foreach (var entry in entries)
            _refreshes.Begin(entry, Run);

        await Eventually.TrueAsync(() => Volatile.Read(ref begun) == 16, "as many as there are places have begun");
        end.SetResult();
        await Eventually.TrueAsync(() =>
        {
            _refreshes.Begin(entries[16], Run);
            return Volatile.Read(ref begun) == 17;
        }, "there is a place again");
    }

    [Fact]
    public async Task An_entry_is_refreshed_by_one_at_a_time()
    {
        var (entry, begun, end) = (Entry(), 0, new TaskCompletionSource());
        var ended = end.Task;

        for (var i = 0; i < 16; i++)
            _refreshes.Begin(entry, _ => Run());

        // There are as many places as there would be refreshes, so all of them would have begun.
        _refreshes.Begin(Entry(), _ => Run());
        await Eventually.TrueAsync(() => Volatile.Read(ref begun) == 2, "another entry finds a place");
        end.SetResult();

        Task Run()
        {
            Interlocked.Increment(ref begun);
            return ended;
        }
    }

    [Fact]
    public async Task A_refresh_that_does_not_end_is_cancelled_after_half_a_minute()
    {
        var stopped = new TaskCompletionSource();
        _refreshes.Begin(Entry(), async ct =>
        {
            ct.Register(() => stopped.TrySetResult());
            await Task.Delay(Timeout.Infinite, ct);
        });
        await _time.WaitForTimerAsync(TimeSpan.FromSeconds(30));

        _time.Advance(TimeSpan.FromSeconds(29));
        Assert.False(stopped.Task.IsCompleted);
        _time.Advance(TimeSpan.FromSeconds(1));

        await stopped.Task.WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_refresh_that_fails_or_keeps_nothing_may_be_tried_again_after_a_second(bool fails)
    {
        var (entry, end, ended) = (Entry(), new TaskCompletionSource(), false);
        for (var i = 0; i < 15; i++)
            _refreshes.Begin(Entry(), _ => end.Task);
        var before = _clock.Now;

        _refreshes.Begin(
            entry, _ => fails ? Task.FromException(new InvalidOperationException()) : Task.CompletedTask);

        await Eventually.TrueAsync(() =>
        {
            _refreshes.Begin(Entry(), _ =>
            {
                Volatile.Write(ref ended, true);
                return Task.CompletedTask;
            });
            return Volatile.Read(ref ended);
        }, "the only place is free again");
        Assert.False(entry.TryBeginRefresh(before + 999, 0));
        Assert.True(entry.TryBeginRefresh(_clock.Now + 1000, 0));
        end.SetResult();
    }

    [Fact]
    public async Task A_refresh_does_not_inherit_the_context_of_its_request()
    {
        Surroundings.Value = "a request";
        using var request = new Activity("request").Start();
        var seen = new TaskCompletionSource<(string? Surroundings, Activity? Span)>();

        _refreshes.Begin(Entry(), _ =>
        {
            seen.SetResult((Surroundings.Value, Activity.Current));
            return Task.CompletedTask;
        });

        var (surroundings, span) =
            await seen.Task.WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken);
        Assert.Null(surroundings);
        Assert.NotEqual(request.TraceId, span?.TraceId ?? default);
    }

    private static CacheEntry<string> Entry() =>
        new("", "k", new PolicyState("p", null, TimeSpan.FromMinutes(1), TimeSpan.Zero, true, 0, []), [], 0, 0, 0,
            long.MaxValue, 10);
}
