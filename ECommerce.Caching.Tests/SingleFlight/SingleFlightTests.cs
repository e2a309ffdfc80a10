using ECommerce.Caching.Memory;
using ECommerce.Caching.SingleFlight;
using ECommerce.Caching.Tags;
using Microsoft.Extensions.Caching.Hybrid;

namespace ECommerce.Caching.Tests.SingleFlight;

public class SingleFlightTests
{
    private static readonly string Key = CacheNode.Product.Key("acme", 1);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Concurrent_misses_run_the_factory_once()
    {
        await using var node = await CacheNode.StartAsync(null);
        var gate = new Gate();
        var callers = Enumerable.Range(0, 200).Select(_ => Task.Run(() => gate.ReadAsync(node, Key, "value", Ct), Ct))
            .ToArray();
        await gate.Entered;
        await Eventually.TrueAsync(
            () => node.Count("cache_single_flight_joined_total") == 199, "199 callers have joined");

        gate.Open();

        Assert.All(await Task.WhenAll(callers), value => Assert.Equal("value", value));
        Assert.Equal(1, gate.Runs);
        Assert.Equal(1, node.Count("cache_factory_total", "outcome=succeeded"));
    }

    [Fact]
    public async Task A_value_that_was_made_since_the_caller_looked_is_not_made_again()
    {
        await using var node = await CacheNode.StartAsync(null);

        // The caller has read memory when its tags are enumerated, and its run has not begun.
        var value = await node.Cache.GetOrCreateAsync(
            Key, static _ => new ValueTask<string?>("second"), CacheNode.Product.Options,
                Meanwhile(() => node.ReadAsync(Key, () => "first").AsTask()), Ct);

        Assert.Equal("first", value);

        static IEnumerable<string> Meanwhile(Func<Task> read)
        {
            Assert.True(read().IsCompleted);
            yield break;
        }
    }

    [Fact]
    public async Task A_failing_factory_fails_all_callers_once()
    {
        await using var node = await CacheNode.StartAsync(null);
        var gate = new Gate();
        var callers = Enumerable.Range(0, 10).Select(
            _ => Task.Run(() => gate.ReadAsync(node, Key, null, Ct, new InvalidOperationException("dead")), Ct))
            .ToArray();
        await gate.Entered;
        await Eventually.TrueAsync(() => node.Count("cache_single_flight_joined_total") == 9, "9 callers have joined");

        gate.Open();

        foreach (var caller in callers)
            Assert.Equal("dead", (await Assert.ThrowsAsync<InvalidOperationException>(() => caller)).Message);
        Assert.Equal(1, gate.Runs);
    }

    [Fact]
    public async Task The_exception_is_rethrown_for_a_short_window_and_then_the_factory_runs_again()
    {
        Assert.Equal(TimeSpan.FromMilliseconds(250), new CacheSettings().FailureWindow);
        // Longer here than a machine that has much to do may stand still.
        var window = TimeSpan.FromMinutes(1);
        await using var node = await CacheNode.StartOnAsync(
            null, configuration => new CacheSettings(configuration) { FailureWindow = window });
        var runs = 0;
        ValueTask<string?> Read() =>
            node.ReadAsync(Key, () => ++runs == 1 ? throw new InvalidOperationException() : "value");

        await Assert.ThrowsAsync<InvalidOperationException>(async () => await Read());
        await Assert.ThrowsAsync<InvalidOperationException>(async () => await Read());
        Assert.Equal(1, runs);

        node.Clock.Advance(window);
        Assert.Equal("value", await Read());
    }

    [Fact]
    public void Failures_of_one_moment_are_not_forgotten_at_one_moment()
    {
        var (tags, clock) = (new TagTable(), new CacheClock());
        using var held = new TagSet(tags);
        var runs = Enumerable.Range(0, 200)
            .Select(_ => new SingleFlight<string>("key", tags, held, clock, new WaitGraph())).ToArray();
        var first = clock.Now;

        Array.ForEach(runs, run => run.Fail(new InvalidOperationException(), TimeSpan.FromHours(1)));

        var last = clock.Now;
        Assert.DoesNotContain(runs, run => run.IsOver(first + 1_799_000));
        Assert.InRange(runs.Count(run => run.IsOver(first + 2_700_000)), 10, 190);
        Assert.All(runs, run => Assert.True(run.IsOver(last + 3_600_000)));
    }

    [Fact]
    public async Task The_first_caller_may_leave_and_the_second_still_gets_the_value()
    {
        await using var node = await CacheNode.StartAsync(null);
        using var leaving = new CancellationTokenSource();
        var gate = new Gate();
        var first = gate.ReadAsync(node, Key, "value", leaving.Token);
        await gate.Entered;
        var second = gate.ReadAsync(node, Key, "value", Ct);

        await leaving.CancelAsync();
        var left = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        gate.Open();

        Assert.Equal(leaving.Token, left.CancellationToken);
        Assert.Equal("value", await second);
        Assert.Equal(1, gate.Runs);
    }

    [Fact]
    public async Task A_cancelled_joiner_gets_the_exception_of_its_own_token()
    {
        await using var node = await CacheNode.StartAsync(null);
        using var leaving = new CancellationTokenSource();
        var gate = new Gate();
        var first = gate.ReadAsync(node, Key, "value", Ct);
        await gate.Entered;
        var second = gate.ReadAsync(node, Key, "value", leaving.Token);

        await leaving.CancelAsync();
        var left = await Assert.ThrowsAsync<OperationCanceledException>(() => second);
        gate.Open();

        Assert.Equal(leaving.Token, left.CancellationToken);
        Assert.Equal("value", await first);
    }

    [Fact]
    public async Task The_last_caller_to_leave_stops_the_run()
    {
        await using var node = await CacheNode.StartAsync(null);
        using var leaving = new CancellationTokenSource();
        var gate = new Gate();
        var only = gate.ReadAsync(node, Key, "value", leaving.Token);
        await gate.Entered;

        await leaving.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => only);
        await gate.Stopped.WaitAsync(TimeSpan.FromSeconds(10), Ct);
        Assert.Equal("fresh", await node.ReadAsync(Key, () => "fresh"));
    }

    [Fact]
    public async Task A_value_of_another_type_under_the_key_is_a_miss()
    {
        await using var node = await CacheNode.StartAsync(null);
        await node.ReadAsync(Key, () => "text");

        var number = await node.Cache.GetOrCreateAsync(
            Key, 7, static (n, _) => new ValueTask<int>(n), CacheNode.Product.Options, cancellationToken: Ct);

        Assert.Equal(7, number);
    }

    [Fact]
    public async Task A_run_of_another_type_is_not_joined()
    {
        await using var node = await CacheNode.StartAsync(null);
        var gate = new Gate();
        var text = gate.ReadAsync(node, Key, "text", Ct);
        await gate.Entered;

        var number = await node.Cache.GetOrCreateAsync(
            Key, static _ => new ValueTask<int>(1), CacheNode.Product.Options, cancellationToken: Ct).AsTask()
            .WaitAsync(TimeSpan.FromSeconds(10), Ct);
        gate.Open();

        Assert.Equal(1, number);
        Assert.Equal("text", await text);
    }

    [Fact]
    public async Task An_unusable_key_runs_the_factory_each_time()
    {
        await using var node = await CacheNode.StartAsync(null);

        foreach (var key in (string[])["", "  ", "with\nnewline", "next\u0085line", "half a pair \ud800",
            "the other half \udc00 first", new string('k', 1025)])
        {
            Assert.Equal("1", await node.ReadAsync(key, () => "1"));
            Assert.Equal("2", await node.ReadAsync(key, () => "2"));
            await node.Cache.SetAsync<string?>(key, "3", CacheNode.Product.Options, cancellationToken: Ct);
            await node.Cache.RemoveAsync(key, Ct);
        }
        Assert.Equal(0, node.Memory.Count);
        Assert.Single(node.Log.Lines("cache_key"));
    }

    [Fact]
    public async Task Null_key_runs_the_factory_each_time()
    {
        await using var node = await CacheNode.StartAsync(null);

        Assert.Equal("1", await node.ReadAsync(null!, () => "1"));
        Assert.Equal("2", await node.ReadAsync(null!, () => "2"));
        Assert.Null(await node.Cache.GetOrCreateAsync(
            null!, static _ => new ValueTask<string?>("3"),
            new HybridCacheEntryOptions { Flags = HybridCacheEntryFlags.DisableUnderlyingData },
            cancellationToken: Ct));

        Assert.Equal(0, node.Memory.Count);
    }

    [Fact]
    public async Task A_key_of_the_longest_length_or_with_a_whole_pair_is_one()
    {
        await using var node = await CacheNode.StartAsync(null);

        foreach (var key in (string[])["product:acme:".PadRight(1024, 'k'), "product:acme:a pair \ud83d\ude00"])
        {
            Assert.Equal("1", await node.ReadAsync(key, () => "1"));
            Assert.Equal("1", await node.ReadAsync(key, () => "factory must not run"));
        }
        Assert.Empty(node.Log.Lines("cache_key"));
    }

    [Fact]
    public async Task Reading_without_underlying_data_runs_nothing_and_stores_nothing()
    {
        await using var node = await CacheNode.StartAsync(null);
        var peek = new HybridCacheEntryOptions { Flags = HybridCacheEntryFlags.DisableUnderlyingData };

        Assert.Null(await node.Cache.GetOrCreateAsync<string?>(
            Key, static _ => throw new InvalidOperationException("must not run"), peek, cancellationToken: Ct));
        await node.ReadAsync(Key, () => "value");
        Assert.Equal(
            "value", await node.Cache.GetOrCreateAsync<string?>(
            Key, static _ => throw new InvalidOperationException("must not run"), peek, cancellationToken: Ct));
    }
}
