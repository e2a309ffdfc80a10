using Microsoft.Extensions.DependencyInjection;

namespace ECommerce.Caching.Tests.CachedMethods;

/// <summary>
/// A run of a [Cached] method: its scope, its exceptions and its cancellation; and a method that is not cached.
/// </summary>
public sealed class CachedMethodRunTests
{
    private readonly ReportSource _source = new();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_run_has_a_scope_of_its_own_that_ends_with_it()
    {
        await using var node = await _source.StartAsync();
        var alive = false;
        _source.Result = _ =>
        {
            alive = !_source.Used[^1].Disposed;
            return Task.FromResult<Found?>(null);
        };

        await using var scope = node.Services.CreateAsyncScope();
        await scope.ServiceProvider.GetRequiredService<IReports>().ByIdAsync("acme", 1, Ct);

        Assert.True(alive);
        Assert.True(Assert.Single(_source.Used).Disposed);
        Assert.NotSame(_source.Used[0], scope.ServiceProvider.GetRequiredService<Reports>());
    }

    [Fact]
    public async Task A_stale_result_is_refreshed_in_a_scope_of_its_own_after_the_callers_has_ended()
    {
        await using var node = await _source.StartAsync();
        var old = await node.ByIdAsync("acme", 1);
        node.Clock.Advance(TimeSpan.FromSeconds(61));
        var open = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var disposedDuringRun = true;
        _source.Result = async _ =>
        {
            await open.Task;
            disposedDuringRun = _source.Used[^1].Disposed;
            return new Found(2, []);
        };

        Assert.Same(old, await node.ByIdAsync("acme", 1));
        open.SetResult();

        await Eventually.TrueAsync(async () => (await node.ByIdAsync("acme", 1))!.Runs == 2, "the refresh has ended");
        Assert.False(disposedDuringRun);
    }

    [Fact]
    public async Task An_exception_of_a_method_reaches_the_caller_unchanged()
    {
        await using var node = await _source.StartAsync();
        var thrown = new InvalidOperationException("the source is dead");

        _source.Result = _ => throw thrown;
        Assert.Same(thrown, await Assert.ThrowsAsync<InvalidOperationException>(() => node.ByIdAsync("acme", 1)));
        _source.Result = _ => Task.FromException<Found?>(thrown);
        Assert.Same(thrown, await Assert.ThrowsAsync<InvalidOperationException>(() => node.ByIdAsync("acme", 2)));
    }

    [Fact]
    public async Task A_run_stops_when_its_last_caller_leaves()
    {
        await using var node = await _source.StartAsync();
        using var leaving = new CancellationTokenSource();
        var entered = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var stopped = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _source.Result = async ct =>
        {
            entered.TrySetResult();
            await using var ending = ct.Register(stopped.SetResult);
            await Task.Delay(Timeout.Infinite, ct);
            return null;
        };

        var only = node.ByIdAsync("acme", 1, leaving.Token);
        await entered.Task.WaitAsync(TimeSpan.FromSeconds(10), Ct);
        await leaving.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => only);
        await stopped.Task.WaitAsync(TimeSpan.FromSeconds(10), Ct);
    }

    [Fact]
    public async Task Concurrent_calls_run_the_method_once()
    {
        await using var node = await _source.StartAsync();
        var open = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _source.Result = async _ =>
        {
            await open.Task;
            return new Found(1, []);
        };

        var calls = Enumerable.Range(0, 20).Select(_ => node.ByIdAsync("acme", 1)).ToArray();
        open.SetResult();
        var found = await Task.WhenAll(calls);

        Assert.All(found, result => Assert.Same(found[0], result));
        Assert.Equal(1, _source.Runs);
    }

    [Fact]
    public async Task A_method_without_the_attribute_runs_in_the_callers_scope_each_time()
    {
        await using var node = await _source.StartAsync();
        await using var scope = node.Services.CreateAsyncScope();
        var reports = scope.ServiceProvider.GetRequiredService<IReports>();

        Assert.Equal((1, 2), (await reports.UncachedAsync(), await reports.UncachedAsync()));
    }
}
