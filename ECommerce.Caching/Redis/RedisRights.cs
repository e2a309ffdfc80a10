using System.Globalization;
using ECommerce.Caching.Diagnostics;
using ECommerce.Caching.Policies;
using Microsoft.Extensions.Hosting;
using StackExchange.Redis;

namespace ECommerce.Caching.Redis;

/// <summary>
/// Stops the start where the user of the connection lacks a right in Redis, with the ACL line to add: the cache would
/// never be coherent. A Redis that is not available at the start is not asked; what it refuses later is logged and
/// shown by the health check.
/// </summary>
/// <remarks>
/// Redis checks rights before it runs a command. The commands are tried in one script on a key of their own; those that
/// try a right to other keys are malformed (<c>SET … NX XX</c>), so they change nothing.
/// </remarks>
internal sealed class RedisRights(
    IConnectionMultiplexer redis, RedisNames names, PolicyRegistry policies, CacheLog log, TimeProvider time)
    : IHostedService
{
    private const string Try = """
        local missing = {}
        local at = 1
        while at <= #ARGV do
            local count = tonumber(ARGV[at])
            local call = {}
            for i = at + 1, at + count do call[#call + 1] = ARGV[i] end
            local reply = redis.pcall(unpack(call))
            if type(reply) == 'table' and reply.err and (string.find(reply.err, 'NOPERM', 1, true)
                or string.find(reply.err, 'user executing the script', 1, true)) then
                missing[#missing + 1] = tostring(at)
                missing[#missing + 1] = reply.err
            end
            at = at + count + 1
        end
        return missing
        """;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    // Those of the scripts and of the client, each as it does no harm to the key.
    private static readonly string[] Commands =
    [
        "SET {0} 0 PX 1000", "GET {0}", "MGET {0}", "EXISTS {0}", "TYPE {0}", "PTTL {0}", "PEXPIRE {0} 1000",
        "APPEND {0} x", "GETRANGE {0} 0 1", "STRLEN {0}", "INCRBY {0} 0", "RPUSH {0} x", "LTRIM {0} 1 0",
        "LRANGE {0} 0 0",
        "UNLINK {0}",
        "ZADD {0} 1 x", "ZREM {0} x", "ZREMRANGEBYSCORE {0} 1 2", "ZRANGEBYSCORE {0} 1 2",
        "ZCOUNT {0} 1 2", "ZCARD {0}", "ZSCORE {0} x", "DEL {0}", "TIME",
        "INFO server", "SCAN 0 COUNT 1", "PUBLISH {1} \n",
    ];

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        if (!redis.IsConnected)
            return;
        try
        {
            var missing = await MissingAsync().WaitAsync(Patience, time, cancellationToken).ConfigureAwait(false);
            if (missing.Count == 0)
                return;
            var user = ConfigurationOptions.Parse(redis.Configuration, ignoreUnknown: true).User ?? "default";
            var line = $"The cache lacks rights in Redis (NOPERM); add them with: ACL SETUSER {user} "
                + string.Join(' ', missing);
            log.RightsMissing(line);
            throw CacheSettings.Refusal(line);
        }
        catch (Exception exception) when (RedisFailure.Is(exception) && !cancellationToken.IsCancellationRequested)
        {
            // Not available, or out of memory, or the like: not what is looked for here.
        }
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>As an ACL line names them, in the order of the commands.</summary>
    internal async Task<IReadOnlyCollection<string>> MissingAsync()
    {
        var missing = new List<string>();
        var key = names.Version("cache-rights");
        string[][] calls =
        [
            .. Commands.Select(command => Array.ConvertAll(
                command.Split(' '), part => part switch
                {
                    "{0}" => key,
                    "{1}" => (string)names.InScript(names.Backplane)!,
                    _ => part,
                })),
            .. Families().Select(family => (string[])["SET", family.Key, "0", "NX", "XX"]),
        ];
        try
        {
            var replies = (string[])(await redis.GetDatabase().ScriptEvaluateAsync(
                Try, redis.GetServers().Any(static server => server.ServerType == ServerType.Cluster) ? [key] : [],
                [.. calls.SelectMany(call => call.Select(part => (RedisValue)part).Prepend(call.Length))])
                .ConfigureAwait(false))!;
            var at = Positions(calls);
            for (var i = 0; i < replies.Length; i += 2)
            {
                var position = int.Parse(replies[i], CultureInfo.InvariantCulture);
                missing.Add(Right(calls[at[position]], replies[i + 1]));
            }
        }
        catch (RedisServerException exception) when (RedisFailure.IsNoPermission(exception.Message))
        {
            missing.AddRange("+eval", "+evalsha", "+script|load");
        }
        if (await RefusesSubscriptionAsync().ConfigureAwait(false) is { } refusal)
            missing.AddRange(IsAboutChannel(refusal) ? [ChannelRight()] : ["+subscribe", "+unsubscribe"]);
        return [.. missing.Distinct(StringComparer.Ordinal)];
    }

    // Where the numbers of parts stand in the arguments, counted from one.
    private static Dictionary<int, int> Positions(string[][] calls)
    {
        var (positions, next) = (new Dictionary<int, int>(), 1);
        for (var i = 0; i < calls.Length; i++)
        {
            positions[next] = i;
            next += calls[i].Length + 1;
        }
        return positions;
    }

    private string Right(string[] call, string reply)
    {
        if (IsAboutChannel(reply))
            return ChannelRight();
        if (!reply.Contains("key", StringComparison.OrdinalIgnoreCase))
            return "+" + call[0].ToLowerInvariant();
        return Families().FirstOrDefault(family => family.Key == call[1]).Pattern ?? Companions("v");
    }

    private static bool IsAboutChannel(string reply) => reply.Contains("channel", StringComparison.OrdinalIgnoreCase);

    private string ChannelRight() => $"&{names.InScript(RedisChannel.Literal(names.Prefix + "cache:"))}*";

    private string Companions(string kind) => $"~{names.Prefix}{kind}:*";

    /// <summary>One key of each kind, and the pattern that covers the kind.</summary>
    private IEnumerable<(string Key, string Pattern)> Families()
    {
        foreach (var control in (string[])
            [
                names.Sequence, names.Run, names.Nodes, names.Index, names.Log, names.Time, names.Announced,
            ])
        {
            yield return (control, "~" + control);
        }
        yield return (names.Version("cache-rights"), Companions("v"));
        yield return (names.FillLock("cache-rights"), Companions("fl"));
        yield return (names.History(0), Companions("history"));
        foreach (var first in policies.All.Where(static policy => policy.IsDeclared)
            .Select(static policy => policy.Pattern.Split(':')[0]).Distinct(StringComparer.Ordinal))
        {
            yield return (names.Entry(first + ":cache-rights"), $"~{names.Entry(first)}:*");
            yield return (names.Entry($"out:{first}:cache-rights"), $"~{names.Entry("out")}:*");
        }
    }

    private async Task<string?> RefusesSubscriptionAsync()
    {
        var channel = names.Node("rights");
        try
        {
            await redis.GetSubscriber().SubscribeAsync(channel, static (_, _) => { }).ConfigureAwait(false);
            await redis.GetSubscriber().UnsubscribeAsync(channel).ConfigureAwait(false);
            return null;
        }
        catch (RedisServerException exception) when (RedisFailure.IsNoPermission(exception.Message))
        {
            return exception.Message;
        }
    }
}
