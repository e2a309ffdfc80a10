namespace ECommerce.Api.Tests.Soak;

/// <summary>A Redis that is connected and refuses, or holds what is not ours, made so by its own commands.</summary>
internal sealed class RedisFaults(int port, History history, Random random)
{
    private static readonly string[] Rights =
        ["-publish", "-evalsha -eval", "-set", "-incrby", "-zadd", "-rpush", "resetchannels"];

    private static readonly string[] ForeignContent =
    [
        "SET seq:{cache} text", "SET seq:{cache} 9007199254740993", "SET v:{cache} -5", "HSET v:{cache} a b",
        "SET nodes:{cache} text", "DEL nodes:{cache}", "SET index:{cache} text", "SET index:{cache} 3",
        "SET log:{cache} text", "RPUSH log:{cache} text", "SET run:{cache} text", "RPUSH run:{cache} text",
        "SET time:{cache} 9007199254740992", "PUBLISH cache:backplane text",
        "PUBLISH cache:backplane \"node\\n1\\n2\\n9007199254740992\\norders:any:acme\"",
    ];

    private const string SetClockBack = """
        EVAL "local time, hour = redis.call('TIME'), 3600
        redis.call('SET', KEYS[1], string.format('%.0f', (time[1] + hour) * 1000000 + time[2]))
        redis.call('SET', KEYS[2], redis.call('GET', KEYS[1]))
        for _, node in ipairs(redis.call('ZRANGE', KEYS[3], 0, -1)) do
        redis.call('ZINCRBY', KEYS[3], hour * 1000, node) end
        return redis.status_reply('OK')" 3 seq:{cache} time:{cache} nodes:{cache}
        """;

    /// <summary>Redis has no memory left and evicts nothing: it refuses all writes.</summary>
    public async Task FillMemoryAsync()
    {
        history.Fault("Redis memory full: begin");
        await AskAsync("CONFIG SET maxmemory 1");
        await PauseAsync();
        await AskAsync("CONFIG SET maxmemory 0");
        history.Fault("back: Redis memory");
    }

    /// <summary>The nodes' user loses a right and gets it back.</summary>
    public async Task TakeRightAsync()
    {
        var right = Rights[random.Next(Rights.Length)];
        history.Fault($"right taken: {right}");
        await AskAsync($"ACL SETUSER default {right}");
        await PauseAsync();
        await AskAsync("ACL SETUSER default allchannels +@all");
        history.Fault("back: rights");
    }

    /// <summary>A control key gets other content, or a message is not ours.</summary>
    public async Task WriteForeignContentAsync()
    {
        var command = ForeignContent[random.Next(ForeignContent.Length)];
        history.Fault($"foreign content: {command}");
        if (command.StartsWith("RPUSH run", StringComparison.Ordinal))
            await AskAsync("DEL run:{cache}");
        _ = await RedisWire.AskAsync(port, command);
    }

    /// <summary>
    /// What a clock leaves behind that was an hour ahead until now: the numbers issued, the highest time shown, and the
    /// registrations of the nodes.
    /// </summary>
    public async Task SetClockBackAsync()
    {
        history.Fault("Redis clock set back: an hour");
        await AskAsync(string.Join(' ', SetClockBack.Split('\n', StringSplitOptions.TrimEntries)));
    }

    private async Task AskAsync(string command)
    {
        var reply = await RedisWire.AskAsync(port, command);
        if (!reply.StartsWith('+') && !reply.StartsWith(':') && !reply.StartsWith('$'))
            throw new InvalidOperationException($"{command}: {reply}");
    }

    private Task PauseAsync() => Task.Delay(TimeSpan.FromSeconds(1 + (3 * random.NextDouble())));
}
