using System.Diagnostics;
using System.Globalization;
using ECommerce.Benchmarks.Http;
using ECommerce.Benchmarks.Table;
using ECommerce.ServiceDefaults.MySql;
using ECommerce.TestSupport;

namespace ECommerce.Benchmarks.Warm;

/// <summary>
/// A node is killed under steady load, and its successor is compared with it: how soon it has 90 % of its hit rate,
/// with warming and without. The exit code is 1 if a row misses its target.
/// </summary>
internal static class WarmMode
{
    private const double Share = 0.9;
    private const int Target = 10;

    // The recorder shares after a minute; a process that is killed shares nothing at its end.
    private static readonly TimeSpan Before = TimeSpan.FromSeconds(80);
    private static readonly TimeSpan After = TimeSpan.FromSeconds(20);

    private const string Products = """
        INSERT INTO products (tenant_id, name, reference, price, quantity, date_add, date_upd)
        SELECT 'bench', CONCAT('Lampada ', seq), 'LT', 89.90, 10, UTC_TIMESTAMP(6), UTC_TIMESTAMP(6)
        FROM seq_1_to_400;
        """;

    public static async Task<int> RunAsync()
    {
        List<Row> rows = [];
        foreach (var warms in new[] { true, false })
        {
            await using var redis = await LocalRedis.StartNewAsync();
            await using var mySql = await LocalMySql.StartNewAsync();
            var database = await mySql.CreateDatabaseAsync();
            rows.AddRange(await MeasureAsync(database, redis, warms));
        }
        Console.WriteLine(Row.Head);
        foreach (var row in rows)
            Console.WriteLine(row);
        return rows.TrueForAll(row => row.Holds) ? 0 : 1;
    }

    private static async Task<IReadOnlyList<Row>> MeasureAsync(string database, LocalRedis redis, bool warms)
    {
        (string, string)[] settings = [("CACHE_WARMING", warms ? "true" : "false"), ("CACHE_ENCRYPTION_KEY", Key())];
        Task<ApiProcess> StartAsync() => ApiProcess.StartAsync(
            database, redis.ConnectionString, BareBodies.None, settings: settings);

        SteadyLoad.Second former;
        await using (var first = await StartAsync())
        {
            await Seed.RunAsync(database);
            await ExecuteAsync(database, Products);
            var seconds = await new SteadyLoad(first.Address).RunAsync(Before);
            former = SteadyLoad.Sum(seconds.TakeLast(20));
        } // Killed.
        var started = Stopwatch.GetTimestamp();
        await using var second = await StartAsync();
        var ready = Stopwatch.GetElapsedTime(started);
        var after = await new SteadyLoad(second.Address).RunAsync(After);

        var name = warms ? "with warming" : "without";
        Console.WriteLine(FormattableString.Invariant(
            $"{name}: before {former}; ready after {ready.TotalSeconds:0.0} s; then by second:"));
        foreach (var (index, measured) in after.Index())
            Console.WriteLine(FormattableString.Invariant($"  {index + 1,2}: {measured}"));
        return
        [
            Reached("the former hit rate of all layers", static second => second.HitRate),
            Reached("the former hit rate of memory", static second => second.MemoryRate),
        ];

        Row Reached(string what, Func<SteadyLoad.Second, double> rate)
        {
            // From then on it stays there.
            var last = after.FindLastIndex(second => rate(second) < Share * rate(former));
            return new Row(
                $"{name}: seconds under load until 90 % of {what}", warms ? Target : Row.NoTarget, last + 2,
                Text(rate(after[0])) + " in the first", Text(rate(former)) + " before");
        }
    }

    private static string Text(double share) => share.ToString("P1", CultureInfo.InvariantCulture);

    private static string Key() => "k1:" + Convert.ToBase64String(new byte[32]);

    private static async Task ExecuteAsync(string mySql, string sql)
    {
        await using var source = new UtcMySqlDataSource(mySql);
        await using var connection = await source.OpenConnectionAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        await command.ExecuteNonQueryAsync();
    }
}
