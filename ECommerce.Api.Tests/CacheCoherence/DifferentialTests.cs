using System.Text;
using ECommerce.Api.Tests.Api;
using ECommerce.Features.Data.Entities;
using Microsoft.AspNetCore.OutputCaching;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.Extensions.DependencyInjection;

namespace ECommerce.Api.Tests.CacheCoherence;

/// <summary>
/// Changes every column that a cached response may show, one at a time, on one replica, and compares the responses of
/// both replicas with those of a process without caches.
/// </summary>
public sealed class DifferentialTests(ApiFixture fixture) : IAsyncLifetime
{
    private static readonly Tenant Acme = new("acme");

    private LocalRedis _redis = null!;
    private ApiFactory _first = null!;
    private ApiFactory _second = null!;
    private ApiFactory _uncached = null!;
    private DifferentialShop _shop = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        // A Redis of its own: the keys of tenants are the same in every database.
        _redis = await LocalRedis.StartNewAsync();
        var database = await fixture.MySql.CreateDatabaseAsync();
        _first = new ApiFactory(database, _redis.ConnectionString);
        _second = new ApiFactory(database, _redis.ConnectionString);
        _uncached = new ApiFactory(database, _redis.ConnectionString, "Development", ("CACHE_ENABLED", "false"));
        await Task.WhenAll(_first.StartAsync(), _second.StartAsync(), _uncached.StartAsync());
        _shop = await DifferentialShop.CreateAsync(_first);
    }

    public async ValueTask DisposeAsync()
    {
        await _first.DisposeAsync();
        await _second.DisposeAsync();
        await _uncached.DisposeAsync();
        await _redis.DisposeAsync();
    }

    [Fact]
    public void Every_cached_route_is_compared()
    {
        var cached = RouteTable.Of(fixture)
            .Where(route => route.Method() == "GET" && route.Metadata.GetMetadata<IOutputCachePolicy>() is not null)
            .Select(route => route.Path())
            // What they show is the shop's, or the provider's, and no row of the database.
            .Where(path => !path.Contains("/prestashop/", StringComparison.Ordinal) && path != "/api/v1/fatturapa/pool")
            .ToHashSet();

        Assert.True(cached.Count > 15);
        Assert.Equal(cached.Order(StringComparer.Ordinal), _shop.Routes.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Changed_column_is_shown_by_both_replicas_as_by_a_process_without_caches()
    {
        var shown = await CompareAsync("before the first change");
        var visible = 0;
        var entities = Model().GetEntityTypes().Where(type => type.ClrType != typeof(User)).ToArray();
        Assert.True(entities.Length >= 13);

        foreach (var column in entities.SelectMany(ColumnChange.Of))
        {
            var change = await column.ApplyAsync(_shop.Row(column.Entity), BeginAsync, Ct);
            if (change is null)
                continue;
            var now = await CompareAsync(change);
            visible += now == shown ? 0 : 1;
            shown = now;
        }

        // A change that no response shows cannot expose a stale response: most columns are shown.
        Assert.True(visible > 80, $"Only {visible} of the changes were visible.");
    }

    [Fact]
    public async Task Renamed_user_is_shown_by_both_replicas_as_by_a_process_without_caches()
    {
        var before = await CompareAsync("before the user is renamed");

        await using (var tx = await BeginAsync())
        {
            var user = await tx.Db.Users.SingleAsync(u => u.Username == "acme.admin", Ct);
            await tx.ExecuteAsync("UPDATE users SET username = 'acme.renamed' WHERE id = @Id", new { user.Id }, Ct);
            tx.AddTagsOf(user);
            await tx.CommitAsync(Ct);
        }

        Assert.NotEqual(before, await CompareAsync("after the user is renamed"));
    }

    private static IModel ModelOf(ApiFactory api)
    {
        using var db = api.Services.GetRequiredService<IDbContextFactory<ECommerceDbContext>>().CreateDbContext();
        return db.Model;
    }

    private IModel Model() => ModelOf(_first);

    private Task<WriteTransaction> BeginAsync() =>
        _first.Services.GetRequiredService<WriteTransactions>().BeginAsync(Acme, Ct);

    /// <summary>All responses as one text; fails at the first that differs.</summary>
    private async Task<string> CompareAsync(string after)
    {
        var all = new StringBuilder();
        foreach (var path in _shop.Paths)
        {
            var expected = await ReadAsync(_uncached, path);
            Assert.True(
                expected == await ReadAsync(_first, path), $"{path} differs on the replica that wrote, {after}.");
            Assert.True(expected == await ReadAsync(_second, path), $"{path} differs on the other replica, {after}.");
            // The second read is a hit, which must be the same.
            Assert.True(expected == await ReadAsync(_second, path), $"{path} differs when it is read again, {after}.");
            all.AppendLine(expected);
        }
        return all.ToString();
    }

    private async Task<string> ReadAsync(ApiFactory api, string path)
    {
        using var response = await _shop.ClientOf(api).CallAsync(HttpMethod.Get, path);
        // An error has the trace id of its request.
        return response.IsSuccessStatusCode
            ? $"{response.Headers.ETag} {await response.Content.ReadAsStringAsync(Ct)}"
            : $"{(int)response.StatusCode}";
    }
}
