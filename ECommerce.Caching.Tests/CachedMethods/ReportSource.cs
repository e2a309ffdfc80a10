using ECommerce.Caching.CachedMethods;
using Microsoft.Extensions.DependencyInjection;

namespace ECommerce.Caching.Tests.CachedMethods;

internal sealed record Filter(string? Search, IReadOnlySet<int> States, int Page = 1);

internal sealed record Slug(string Value) : IFormattable
{
    public string ToString(string? format, IFormatProvider? formatProvider) => Value;
}

internal sealed record Found(int Runs, IReadOnlyList<string> Items);

/// <summary>An application service with [Cached] methods, and one that is not.</summary>
internal interface IReports
{
    [Cached("reports:{tenant}:{id}", Ttl = 60, StaleTtl = 120, Sensitive = false, Tags = ["topics:{tenant}"])]
    Task<Found?> ByIdAsync(string tenant, long? id, CancellationToken ct);

    [Cached("reports:list:{tenant}:{filter}", Sensitive = false)]
    ValueTask<Found> ListAsync(Slug tenant, Filter filter, CancellationToken ct = default);

    Task<int> UncachedAsync();
}

internal sealed class Reports(ReportSource source) : IReports, IDisposable
{
    public bool Disposed { get; private set; }

    public async Task<Found?> ByIdAsync(string tenant, long? id, CancellationToken ct) =>
        await source.RunAsync(this, ct);

    public async ValueTask<Found> ListAsync(Slug tenant, Filter filter, CancellationToken ct) =>
        (await source.RunAsync(this, ct))!;

    public Task<int> UncachedAsync() => Task.FromResult(Interlocked.Increment(ref source.Runs));

    public void Dispose() => Disposed = true;
}

/// <summary>What the instances of all scopes return, and a record of their runs.</summary>
internal sealed class ReportSource
{
    public int Runs;
    public Func<CancellationToken, Task<Found?>>? Result;

    public List<Reports> Used { get; } = [];

    public async Task<Found?> RunAsync(Reports by, CancellationToken ct)
    {
        Used.Add(by);
        Interlocked.Increment(ref Runs);
        return Result is null ? new Found(Runs, ["a"]) : await Result(ct);
    }

    public async Task<CacheNode> StartAsync(RedisServer? redis = null) =>
        await CacheNode.StartWithAsync(
            redis is null ? null : redis.Connect,
            services => services.AddSingleton(this).AddCached<IReports, Reports>());
}

/// <summary>Calls of the service on a node, each in a scope of its own.</summary>
internal static class ReportCalls
{
    public static async Task<Found?> ByIdAsync(
        this CacheNode node, string tenant, long? id, CancellationToken? ct = null)
    {
        await using var scope = node.Services.CreateAsyncScope();
        return await scope.ServiceProvider.GetRequiredService<IReports>()
            .ByIdAsync(tenant, id, ct ?? TestContext.Current.CancellationToken);
    }

    public static async Task<Found> ListAsync(this CacheNode node, Filter filter)
    {
        await using var scope = node.Services.CreateAsyncScope();
        return await scope.ServiceProvider.GetRequiredService<IReports>()
            .ListAsync(new Slug("acme"), filter, TestContext.Current.CancellationToken);
    }
}
