using ECommerce.Caching;
using ECommerce.Caching.Coherence;
using ECommerce.Features;
using ECommerce.Features.Common.Identity;
using ECommerce.Features.Data;
using ECommerce.Features.Data.Schema;
using ECommerce.Features.Products;
using ECommerce.TestSupport;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using StackExchange.Redis;

namespace ECommerce.Benchmarks.Table;

/// <summary>
/// A write that three nodes acknowledge, against the same write with nothing to invalidate, which leaves no row in the
/// outbox: the cost of the caches. The write is the change of a product, statement by statement as in the API; a second
/// row measures a single UPDATE.
/// </summary>
internal static class WriteRows
{
    private const int Nodes = 3;
    private const int Operations = 100;
    private static readonly Tenant Tenant = new(Seed.Tenant);

    public static async IAsyncEnumerable<Row> RunAsync(string redis)
    {
        await using var mySql = await LocalMySql.StartNewAsync();
        var connection = await mySql.CreateDatabaseAsync();
        var hosts = new List<IHost>();
        try
        {
            for (var i = 0; i < Nodes; i++)
                hosts.Add(await StartAsync(connection, redis));
            await Seed.RunAsync(connection);
            var transactions = hosts[0].Services.GetRequiredService<WriteTransactions>();
            // Durable, as in production; the servers of tests are not.
            await using (var tx = await transactions.BeginAsync(CancellationToken.None))
                await tx.ExecuteAsync("SET GLOBAL innodb_flush_log_at_trx_commit = 1", null, CancellationToken.None);
            string[] tags = [ProductsCaching.Product.Key(Tenant, Seed.FirstProduct), ProductsCaching.List.All(Tenant)];
            // One by one, as writes come: ten messages in a row find all threads awake and take a third of the time,
            // and a write in a row waits for the processors with what the one before does after its response.
            var measured = await Comparison.MeasureSidesAsync(
            [
                () => Comparison.TimeAsync(() => ChangeAsync(transactions, tags)),
                () => Comparison.TimeAsync(() => ChangeAsync(transactions, [])),
                await PublishToHandlerAsync(hosts[0], hosts[1]),
            ], Operations, pause: TimeSpan.FromMilliseconds(2));
            yield return Of(
                $"write acknowledged by {Nodes} nodes, p50", 1.5,
                Comparison.Median(measured.Select(static times => (times[0], times[1]))));
            var added = Comparison.Median(measured.Select(static times => (times[0] - times[1], times[2])));
            yield return new Row(
                "the same: its added time", 3, added.Ratio, Row.Microseconds(added.Ours),
                $"publish to handler, p50 {Row.Microseconds(added.Reference)}");
            yield return Of(
                $"a single UPDATE, acknowledged by {Nodes} nodes, p50", Row.NoTarget,
                await Comparison.MeasureAsync(
                    _ => UpdateAsync(transactions, tags), _ => UpdateAsync(transactions, []), Operations));
        }
        finally
        {
            foreach (var host in hosts)
            {
                await host.StopAsync();
                host.Dispose();
            }
        }
    }

    private static Row Of(string name, double mustReach, Comparison result) => new(
        name, mustReach, result.Ratio, Row.Microseconds(result.Ours),
        $"cache off {Row.Microseconds(result.Reference)}");

    /// <summary>From the call on one node to the handler on another, in microseconds.</summary>
    private static async Task<Func<Task<double>>> PublishToHandlerAsync(IHost from, IHost to)
    {
        var channel = RedisChannel.Literal("benchmark");
        var received = new SemaphoreSlim(0);
        await to.Services.GetRequiredService<IConnectionMultiplexer>().GetSubscriber()
            .SubscribeAsync(channel, (_, _) => received.Release());
        var publisher = from.Services.GetRequiredService<IConnectionMultiplexer>().GetSubscriber();
        return () => Comparison.TimeAsync(async () =>
        {
            await publisher.PublishAsync(channel, "message", CommandFlags.FireAndForget);
            await received.WaitAsync();
        });
    }

    private static async Task ChangeAsync(WriteTransactions transactions, string[] tags)
    {
        await using var tx = await transactions.BeginAsync(Tenant, CancellationToken.None);
        // Past the change tracker: the reference is the same write with nothing to invalidate.
        await tx.Db.Products.Where(p => p.Id == Seed.FirstProduct).ForUpdateUntracked().SingleAsync();
        await tx.BulkAsync(
            tags, static db => db.Products.Where(p => p.Id == Seed.FirstProduct).ExecuteUpdateAsync(set => set
            .SetProperty(p => p.Name, "Lampada da tavolo in ottone").SetProperty(p => p.Price, 89.90m)
            .SetProperty(p => p.Quantity, 10)
            .SetProperty(p => p.RowVersion, p => p.RowVersion + 1).SetProperty(p => p.DateUpd, DateTime.UtcNow)));
        await GetProduct.QueryAsync(tx.Db, Seed.FirstProduct, CancellationToken.None);
        await tx.CommitAsync(CancellationToken.None);
    }

    private static async Task UpdateAsync(WriteTransactions transactions, string[] tags)
    {
        await using var tx = await transactions.BeginAsync(CancellationToken.None);
        await tx.ExecuteAsync(
            """
            UPDATE products SET quantity = quantity + 1, row_version = row_version + 1, date_upd = UTC_TIMESTAMP(6)
            WHERE tenant_id = @Tenant AND id = @FirstProduct
            """,
            new { Seed.Tenant, Seed.FirstProduct },
            CancellationToken.None);
        tx.Invalidate(tags);
        await tx.CommitAsync(CancellationToken.None);
    }

    private static async Task<IHost> StartAsync(string mySql, string redis)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new() { EnvironmentName = "Benchmark" });
        builder.Configuration.AddInMemoryCollection(
        [
            new("ConnectionStrings:ecommerce", mySql),
            new("ConnectionStrings:redis", redis),
            new("CACHE_KEY_SALT", "a-salt-that-is-only-for-benchmarks"),
            new("JWT_SIGNING_KEY", "a-signing-key-that-is-only-for-benchmarks-0123456789"),
            new("DATA_PROTECTION_KEY", "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY="),
        ]);
        builder.Services.AddLogging(logging => logging.SetMinimumLevel(LogLevel.Warning));
        builder.AddServiceDefaults();
        builder.AddRedis("redis");
        builder.AddMySqlDataSource("ecommerce");
        builder.Services.AddMultiLevelCache(builder.Configuration, FeatureRegistration.CachePolicies);
        builder.Services.AddSingleton(TokenSettings.Read(builder.Configuration));
        builder.Services.AddFeatures(builder.Configuration);
        var host = builder.Build();
        await host.StartAsync();
        await host.Services.GetRequiredService<Backplane>().Listening.WaitAsync(TimeSpan.FromSeconds(10));
        var schema = host.Services.GetRequiredService<SchemaState>();
        while (!schema.IsReady)
            await Task.Delay(TimeSpan.FromMilliseconds(20));
        return host;
    }
}
