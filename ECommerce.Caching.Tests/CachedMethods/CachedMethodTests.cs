using ECommerce.Caching.CachedMethods;
using Microsoft.Extensions.DependencyInjection;

namespace ECommerce.Caching.Tests.CachedMethods;

/// <summary>Results of an application service's interface: [Cached] methods, and one that is not.</summary>
public sealed class CachedMethodTests
{
    internal sealed record Filter(string? Search, IReadOnlySet<int> States, int Page = 1);

    internal sealed record Slug(string Value) : IFormattable
    {
        public string ToString(string? format, IFormatProvider? formatProvider) => Value;
    }

    internal sealed record Found(int Runs, IReadOnlyList<string> Items);

    internal interface IReports
    {
        [Cached("reports:{tenant}:{id}", Ttl = 60, StaleTtl = 120, Sensitive = false, Tags = ["topics:{tenant}"])]
        Task<Found?> ByIdAsync(string tenant, long? id, CancellationToken ct);

        [Cached("reports:list:{tenant}:{filter}", Sensitive = false)]
        ValueTask<Found> ListAsync(Slug tenant, Filter filter, CancellationToken ct = default);

        Task<int> UncachedAsync();
    }

    /// <summary>What the implementations of all scopes do, and what became of them.</summary>
    internal sealed class Source
    {
        public int Runs;
        public Func<CancellationToken, Task<Found?>>? Answer;
        public List<Reports> Used { get; } = [];

        public async Task<Found?> AnswerAsync(Reports by, CancellationToken ct)
        {
            Used.Add(by);
            Interlocked.Increment(ref Runs);
            return Answer is null ? new Found(Runs, ["a"]) : await Answer(ct);
        }
    }

    internal sealed class Reports(Source source) : IReports, IDisposable
    {
        public bool Disposed { get; private set; }

        public async Task<Found?> ByIdAsync(string tenant, long? id, CancellationToken ct) =>
            await source.AnswerAsync(this, ct);

        public async ValueTask<Found> ListAsync(Slug tenant, Filter filter, CancellationToken ct) =>
            (await source.AnswerAsync(this, ct))!;

        public Task<int> UncachedAsync() => Task.FromResult(Interlocked.Increment(ref source.Runs));

        public void Dispose() => Disposed = true;
    }

    private readonly Source _source = new();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_result_is_made_once_for_its_arguments()
    {
        await using var node = await StartAsync();

        var first = await ReadAsync(node, "acme", 1);
        var again = await ReadAsync(node, "acme", 1);
        var other = await ReadAsync(node, "acme", 2);
        var none = await ReadAsync(node, "acme", null);

        Assert.Same(first, again);
        Assert.Equal((1, 2, 3), (first!.Runs, other!.Runs, none!.Runs));
    }

    [Fact]
    public async Task Two_tenants_never_share()
    {
        await using var node = await StartAsync();

        Assert.Equal(1, (await ReadAsync(node, "acme", 5))!.Runs);
        Assert.Equal(2, (await ReadAsync(node, "globex", 5))!.Runs);
        Assert.Equal(1, (await ReadAsync(node, "acme", 5))!.Runs);
        await node.Invalidator.InvalidateAsync([CacheTags.Tenant("globex")], Ct);
        Assert.Equal((1, 3), ((await ReadAsync(node, "acme", 5))!.Runs, (await ReadAsync(node, "globex", 5))!.Runs));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    public async Task No_tenant_is_refused(string? tenant)
    {
        await using var node = await StartAsync();

        await Assert.ThrowsAnyAsync<ArgumentException>(() => ReadAsync(node, tenant!, 5));
        Assert.Equal(0, _source.Runs);
    }

    [Fact]
    public async Task Null_and_an_empty_result_are_results_too()
    {
        await using var node = await StartAsync();

        _source.Answer = static _ => Task.FromResult<Found?>(null);
        Assert.Null(await ReadAsync(node, "acme", 1));
        Assert.Null(await ReadAsync(node, "acme", 1));
        Assert.Equal(1, _source.Runs);

        _source.Answer = static _ => Task.FromResult<Found?>(new Found(0, []));
        Assert.Empty((await ReadAsync(node, "acme", 2))!.Items);
        Assert.Empty((await ReadAsync(node, "acme", 2))!.Items);
        Assert.Equal(2, _source.Runs);
    }

    [Fact]
    public async Task Equal_filters_share_and_different_ones_do_not()
    {
        await using var node = await StartAsync();

        var first = await ListAsync(node, new Filter("x", new HashSet<int> { 1, 2 }));
        Assert.Equal(first, await ListAsync(node, new Filter("x", new HashSet<int> { 2, 1 })));
        Assert.Equal(1, _source.Runs);

        await ListAsync(node, new Filter(null, new HashSet<int> { 1, 2 }));
        await ListAsync(node, new Filter("", new HashSet<int> { 1, 2 }));
        await ListAsync(node, new Filter("x", new HashSet<int> { 12 }));
        await ListAsync(node, new Filter("x", new HashSet<int> { 1, 2 }, Page: 2));
        Assert.Equal(5, _source.Runs);
    }

    [Fact]
    public async Task A_key_holds_nothing_of_the_service_and_is_that_of_its_policy()
    {
        await using var node = await StartAsync();
        await ReadAsync(node, "acme", 7);
        await ReadAsync(node, "acme", 7);
        Assert.Equal(1, _source.Runs);

        await node.Cache.RemoveAsync(CachedPolicies.From<IReports>(nameof(IReports.ByIdAsync)).Key("acme", 7L), Ct);
        await ReadAsync(node, "acme", 7);

        Assert.Equal(2, _source.Runs);
    }

    [Theory]
    [InlineData("topics:acme")]
    [InlineData("reports:acme:*")]
    [InlineData("reports:acme:7")]
    public async Task A_tag_drops_what_carries_it(string tag)
    {
        await using var node = await StartAsync();
        await ReadAsync(node, "acme", 7);
        await ReadAsync(node, "globex", 7);

        await node.Invalidator.InvalidateAsync([tag], Ct);
        await ReadAsync(node, "acme", 7);
        await ReadAsync(node, "globex", 7);

        Assert.Equal(3, _source.Runs);
    }

    [Fact]
    public async Task The_other_node_has_the_same_from_redis()
    {
        await using var redis = await RedisServer.StartAsync();
        await using var one = await StartAsync(redis);
        await using var two = await StartAsync(redis);
        var filter = new Filter("x", new HashSet<int> { 1, 2 });

        var made = await ListAsync(one, filter);
        var read = await ListAsync(two, filter);

        Assert.Equal(1, _source.Runs);
        Assert.Equal(made.Items, read.Items);
        Assert.Equal(
            (1, 0), (one.Count("cache_miss_total", "cache_layer=application"),
            one.Count("cache_hit_total", "cache_layer=application")));
        Assert.Equal(
            (0, 1), (two.Count("cache_miss_total", "cache_layer=application"),
            two.Count("cache_hit_total", "cache_layer=application")));
    }

    [Fact]
    public async Task Each_call_is_one_hit_or_one_miss_of_the_application_layer()
    {
        await using var node = await StartAsync();

        for (var call = 0; call < 4; call++)
            await ReadAsync(node, "acme", 1);

        Assert.Equal(
            (3, 1), (node.Count("cache_hit_total", "cache_layer=application"),
            node.Count("cache_miss_total", "cache_layer=application")));
        Assert.Equal(
            (0, 0), (node.Count("cache_hit_total", "cache_layer=memory"),
            node.Count("cache_miss_total", "cache_layer=memory")));
        Assert.Equal(3, node.Count("cache_hit_total", "key_pattern=reports:{tenant}:{id}"));
    }

    [Fact]
    public async Task A_run_has_a_scope_of_its_own_that_ends_with_it()
    {
        await using var node = await StartAsync();
        var alive = false;
        _source.Answer = _ =>
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
        await using var node = await StartAsync();
        var old = await ReadAsync(node, "acme", 1);
        node.Clock.Advance(TimeSpan.FromSeconds(61));
        var open = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var disposedDuringRun = true;
        _source.Answer = async _ =>
        {
            await open.Task;
            disposedDuringRun = _source.Used[^1].Disposed;
            return new Found(2, []);
        };

        Assert.Same(old, await ReadAsync(node, "acme", 1));
        open.SetResult();

        await Eventually.TrueAsync(async () => (await ReadAsync(node, "acme", 1))!.Runs == 2, "the refresh has ended");
        Assert.False(disposedDuringRun);
    }

    [Fact]
    public async Task What_a_method_throws_comes_out_as_it_is()
    {
        await using var node = await StartAsync();
        var thrown = new InvalidOperationException("the source is dead");

        _source.Answer = _ => throw thrown;
        Assert.Same(thrown, await Assert.ThrowsAsync<InvalidOperationException>(() => ReadAsync(node, "acme", 1)));
        _source.Answer = _ => Task.FromException<Found?>(thrown);
        Assert.Same(thrown, await Assert.ThrowsAsync<InvalidOperationException>(() => ReadAsync(node, "acme", 2)));
    }

    [Fact]
    public async Task A_run_goes_on_while_somebody_waits_and_stops_when_nobody_does()
    {
        await using var node = await StartAsync();
        using var leaving = new CancellationTokenSource();
        var entered = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var stopped = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _source.Answer = async ct =>
        {
            entered.TrySetResult();
            await using var ending = ct.Register(stopped.SetResult);
            await Task.Delay(Timeout.Infinite, ct);
            return null;
        };

        var only = ReadAsync(node, "acme", 1, leaving.Token);
        await entered.Task.WaitAsync(TimeSpan.FromSeconds(10), Ct);
        await leaving.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => only);
        await stopped.Task.WaitAsync(TimeSpan.FromSeconds(10), Ct);
    }

    [Fact]
    public async Task Concurrent_calls_run_the_method_once()
    {
        await using var node = await StartAsync();
        var open = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _source.Answer = async _ =>
        {
            await open.Task;
            return new Found(1, []);
        };

        var calls = Enumerable.Range(0, 20).Select(_ => ReadAsync(node, "acme", 1)).ToArray();
        open.SetResult();
        var found = await Task.WhenAll(calls);

        Assert.All(found, result => Assert.Same(found[0], result));
        Assert.Equal(1, _source.Runs);
    }

    [Fact]
    public async Task A_method_without_a_mark_runs_in_the_callers_scope_each_time()
    {
        await using var node = await StartAsync();
        await using var scope = node.Services.CreateAsyncScope();
        var reports = scope.ServiceProvider.GetRequiredService<IReports>();

        Assert.Equal((1, 2), (await reports.UncachedAsync(), await reports.UncachedAsync()));
    }

    private async Task<CacheNode> StartAsync(RedisServer? redis = null) =>
        await CacheNode.StartWithAsync(
            redis is null ? null : redis.Connect, services => services.AddSingleton(_source)
            .AddCached<IReports, Reports>());

    private static async Task<Found?> ReadAsync(CacheNode node, string tenant, long? id, CancellationToken? ct = null)
    {
        await using var scope = node.Services.CreateAsyncScope();
        return await scope.ServiceProvider.GetRequiredService<IReports>().ByIdAsync(tenant, id, ct ?? Ct);
    }

    private static async Task<Found> ListAsync(CacheNode node, Filter filter)
    {
        await using var scope = node.Services.CreateAsyncScope();
        return await scope.ServiceProvider.GetRequiredService<IReports>().ListAsync(new Slug("acme"), filter, Ct);
    }
}
