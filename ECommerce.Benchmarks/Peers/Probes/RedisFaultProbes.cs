using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using ECommerce.TestSupport;
using StackExchange.Redis;

namespace ECommerce.Benchmarks.Peers.Probes;

/// <summary>A Redis that does not respond, or refuses every command.</summary>
internal static partial class RedisFaultProbes
{
    private const int ColdKeys = 5;
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(1);

    // These follow another command of the same call: a script is loaded and sent again, a hash gets its time to live.
    private static readonly string[] PartsOfCalls = ["script|load", "eval", "expire"];

    public static readonly Probe[] All =
    [
        new("P10", "Redis hangs for 3 s, a cold key: the caller has its value within 1 s", HangAsync),
        new("P10b", "Redis refuses every command, 5 cold keys: at most 1 call a key, no exception", RefuseAsync),
    ];

    private static async Task<Verdict> HangAsync(ProbeRun run)
    {
        var node = await run.StartNodeAsync();
        await node.ReadAsync("probe:acme:warm", _ => Task.FromResult("value"));
        await run.Redis.PauseAsync();
        var resuming = ResumeAsync();
        var started = Stopwatch.GetTimestamp();
        var seen = "the value";
        try
        {
            await ProbeRun.ReadAsync(node, "value");
        }
        catch (Exception exception) when (exception is RedisException or TimeoutException)
        {
            seen = exception.GetType().Name;
        }
        var time = Stopwatch.GetElapsedTime(started);
        await resuming;
        return Verdict.From(
            time < Bound && seen == "the value",
            string.Create(CultureInfo.InvariantCulture, $"{seen} after {time.TotalSeconds:0.00} s"));

        async Task ResumeAsync()
        {
            await Task.Delay(Pause);
            await run.Redis.ResumeAsync();
        }
    }

    private static async Task<Verdict> RefuseAsync(ProbeRun run)
    {
        var node = await run.StartNodeAsync();
        await node.ReadAsync("probe:acme:warm", _ => Task.FromResult("value"));
        // The connections stay; what is left are the commands that the probe itself needs.
        await RedisWire.AskAsync(run.Redis.Port, "ACL SETUSER default -@all +info +quit");
        var before = await RefusedCallsAsync(run.Redis.Port);
        for (var i = 0; i < ColdKeys; i++)
            await node.ReadAsync($"probe:acme:cold{i}", _ => Task.FromResult("value"));
        var calls = await RefusedCallsAsync(run.Redis.Port) - before;
        // One more may be a heartbeat.
        return Verdict.From(calls <= ColdKeys + 1, $"{calls} calls");
    }

    private static async Task<int> RefusedCallsAsync(int port) =>
        RejectedCalls().Matches(await RedisWire.AskAsync(port, "INFO commandstats"))
            .Where(match => !PartsOfCalls.Contains(match.Groups[1].Value))
            .Sum(match => int.Parse(match.Groups[2].ValueSpan, CultureInfo.InvariantCulture));

    [GeneratedRegex("cmdstat_([^:]+):.*rejected_calls=([0-9]+)")]
    private static partial Regex RejectedCalls();
}
