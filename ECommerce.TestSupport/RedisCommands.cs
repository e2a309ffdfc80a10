using System.Net.Sockets;
using StackExchange.Redis;

namespace ECommerce.TestSupport;

/// <summary>
/// What no node may ever ask a Redis for: commands that look at or drop all keys, which block every client and touch
/// what is not ours. Every Redis of the tests is asked before it ends how often they were called; no test calls them
/// itself.
/// </summary>
internal static class RedisCommands
{
    private static readonly string[] Forbidden = ["keys", "flushall", "flushdb"];

    /// <summary>
    /// Fails if a Redis was sent one of them. A Redis that is no longer running is not checked.
    /// </summary>
    public static async Task AssertHarmlessAsync(int port)
    {
        string statistics;
        try
        {
            statistics = await RedisWire.AskAsync(port, "INFO commandstats");
        }
        catch (Exception error) when (error is SocketException or IOException or OperationCanceledException)
        {
            return;
        }
        Assert.Contains("# Commandstats", statistics, StringComparison.Ordinal);
        Assert.Empty(CalledIn(statistics));
    }

    /// <summary>The same for one that the whole system has started.</summary>
    public static async Task AssertHarmlessAsync(string connectionString)
    {
        using var client =
            await ConnectionMultiplexer.ConnectAsync(connectionString, static options => options.AllowAdmin = true);
        Assert.Empty(CalledIn((string)(await client.GetDatabase().ExecuteAsync("INFO", "commandstats"))!));
    }

    /// <summary>Those of the forbidden commands that were called.</summary>
    public static IEnumerable<string> CalledIn(string statistics) =>
        Forbidden.Where(command => statistics.Contains($"cmdstat_{command}:", StringComparison.OrdinalIgnoreCase));
}
