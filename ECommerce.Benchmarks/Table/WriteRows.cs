using ECommerce.Api.Tests;
using ECommerce.Caching;
using ECommerce.Features;
using ECommerce.Features.Database;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace ECommerce.Benchmarks.Table;

/// <summary>A real write transaction, acknowledged by three nodes, against the same one that has nothing to invalidate.</summary>
internal static class WriteRows
{
    private const int Nodes = 3;
    private const int Operations = 100;
    private const string Sql = "UPDATE products SET quantity = quantity + 1, row_version = row_version + 1, date_upd = UTC_TIMESTAMP(6) WHERE tenant_id = 'bench' AND id = 101";

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
            var database = hosts[0].Services.GetRequiredService<Database>();
            // What a commit waits for on the disk is the same on both sides: as in production, and as fast as commits can be.
            foreach (var (durable, name) in ((int, string)[])[(1, "durable commits"), (2, "commits that do not wait for the disk; no target of its own")])
            {
                await using (var work = await database.BeginAsync(CancellationToken.None))
                    await work.ExecuteAsync($"SET GLOBAL innodb_flush_log_at_trx_commit = {durable}", null, CancellationToken.None);
                string[] tags = ["product:bench:101", "products:list:bench:*"];
                var result = await Comparison.OfAsync(_ => WriteAsync(database, tags), _ => WriteAsync(database, []), Operations);
                yield return new Row(
                    $"write acknowledged by {Nodes} nodes, p50, {name}", durable == 1 ? 1.5 : double.PositiveInfinity, result.Ratio, Row.Microseconds(result.Ours), $"cache off {Row.Microseconds(result.Reference)}");
            }
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

    private static async Task WriteAsync(Database database, string[] tags)
    {
        await using var work = await database.BeginAsync(CancellationToken.None);
        await work.ExecuteAsync(Sql, null, CancellationToken.None);
        work.Invalidate(tags);
        await work.CommitAsync(CancellationToken.None);
    }

    private static async Task<IHost> StartAsync(string mySql, string redis)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings { EnvironmentName = "Benchmark" });
        builder.Configuration.AddInMemoryCollection(
        [
            new("ConnectionStrings:ecommerce", mySql), new("ConnectionStrings:redis", redis), new("CACHE_KEY_SALT", "a-salt-that-is-only-for-benchmarks"),
            new("JWT_SIGNING_KEY", "a-signing-key-that-is-only-for-benchmarks-0123456789"), new("DATA_PROTECTION_KEY", "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY="),
        ]);
        builder.Services.AddLogging(logging => logging.SetMinimumLevel(LogLevel.Warning));
        builder.AddServiceDefaults();
        builder.AddRedisClient("redis");
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
