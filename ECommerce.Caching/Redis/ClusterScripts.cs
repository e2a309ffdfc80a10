namespace ECommerce.Caching.Redis;

/// <summary>
/// What runs inside Redis for the system as a whole. Each script touches keys of one hash slot: these share the hash
/// tag <c>{cache}</c>.
/// </summary>
internal static class ClusterScripts
{
    /// <summary>
    /// The one issuer of versions: each is greater than the last, and greater than any an earlier Redis may have
    /// issued.
    /// </summary>
    public const string SequenceKey = "seq:{cache}";

    /// <summary>
    /// The version of everything; raised when Redis forgot something, so that nothing written before is usable.
    /// </summary>
    public const string GenerationKey = "v:{cache}";

    public const string RunKey = "run:{cache}";
    public const string NodesKey = "nodes:{cache}";
    public const string IndexKey = "index:{cache}";
    public const string LogKey = "log:{cache}";

    private const string NextNumber = """
        local function next_number(key, seen)
            local last = tonumber(redis.call('GET', key) or '0')
            local time = redis.call('TIME')
            local number = string.format('%.0f', math.max(last + 1, seen + 1, time[1] * 1000000 + time[2]))
            redis.call('SET', key, number)
            return number
        end

        """;

    /// <summary>
    /// Keys: sequence. Arguments: the highest number the node has seen, from which a Redis that lost its own goes on.
    /// Returns the next number.
    /// </summary>
    public const string Next = NextNumber + "return next_number(KEYS[1], tonumber(ARGV[1]))";

    /// <summary>
    /// Keys: the version of a tag. Arguments: number, lifetime in ms (0: without end). Two bumps of one tag may arrive
    /// in the other order than they drew their numbers: the higher number stays.
    /// </summary>
    public const string Raise = """
        local known = redis.call('GET', KEYS[1])
        if known and tonumber(known) >= tonumber(ARGV[1]) then return known end
        if ARGV[2] == '0' then
            redis.call('SET', KEYS[1], ARGV[1])
        else
            redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
        end
        return ARGV[1]
        """;

    /// <summary>
    /// Keys: the version of a tag. Arguments: number, lifetime in ms. A tag without a version gets one; one that has it
    /// keeps it, for longer. Returns the version.
    /// </summary>
    public const string Ensure = """
        local known = redis.call('GET', KEYS[1])
        if known then
            redis.call('PEXPIRE', KEYS[1], ARGV[2])
            return known
        end
        redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
        return ARGV[1]
        """;

    /// <summary>
    /// Keys: sequence, generation, run, nodes, index. Arguments: node, registration in ms, channel, the node's own
    /// tick, the highest number it has seen, whether it begins to follow, and the identity of the masters of a Redis
    /// Cluster (empty: this Redis alone). Registers the node as alive, notices that this is another Redis than before
    /// (a restart, a promoted replica, lost writes), and then raises the generation; sends the heartbeat. When a node
    /// begins to follow, a number is drawn after it: later entries of other nodes are distinguished from earlier ones
    /// by it. Returns sequence, generation, index, and whether the generation was raised.
    /// </summary>
    public const string Beat = NextNumber + """
        local run = ARGV[7]
        if run == '' then run = string.match(redis.call('INFO', 'server'), 'run_id:(%w+)') end
        local raised = 0
        local last = tonumber(redis.call('GET', KEYS[1]) or '0')
        if redis.call('GET', KEYS[3]) ~= run or redis.call('EXISTS', KEYS[2]) == 0 or last < tonumber(ARGV[5]) then
            redis.call('SET', KEYS[2], next_number(KEYS[1], tonumber(ARGV[5])))
            redis.call('SET', KEYS[3], run)
            raised = 1
        end
        local time = redis.call('TIME')
        local now = time[1] * 1000 + math.floor(time[2] / 1000)
        redis.call('ZREMRANGEBYSCORE', KEYS[4], '-inf', now - 60000)
        redis.call('ZADD', KEYS[4], now + ARGV[2], ARGV[1])
        local index = redis.call('GET', KEYS[5]) or '0'
        local sequence = redis.call('GET', KEYS[1])
        redis.call('PUBLISH', ARGV[3], ARGV[1] .. '\nheartbeat\n' .. index .. '\n' .. ARGV[4] .. '\n' .. sequence)
        if ARGV[6] == '1' then sequence = next_number(KEYS[1], 0) end
        return { sequence, redis.call('GET', KEYS[2]), index, raised }
        """;

    private const string Announce = """
        local function announce(index_key, log_key, nodes_key, from, id, version, tags, channel, length)
            local index = redis.call('INCR', index_key)
            local message = from .. '\n' .. id .. '\n' .. index .. '\n' .. version .. '\n' .. tags
            redis.call('RPUSH', log_key, message)
            redis.call('LTRIM', log_key, -length, -1)
            redis.call('PUBLISH', channel, message)
            local time = redis.call('TIME')
            return redis.call('ZRANGEBYSCORE', nodes_key, time[1] * 1000 + math.floor(time[2] / 1000), '+inf')
        end

        """;

    /// <summary>
    /// Keys: index, log, nodes. Arguments: node, message id, version, tags, channel, length of the log. Numbers the
    /// message, logs it for nodes that miss it, publishes it, and returns the nodes that must acknowledge it before the
    /// writer responds.
    /// </summary>
    public const string Publish = Announce
        + "return announce(KEYS[1], KEYS[2], KEYS[3], ARGV[1], ARGV[2], ARGV[3], ARGV[4], ARGV[5], ARGV[6])";

    /// <summary>
    /// A whole invalidation in one round trip, for a single Redis: in a Redis Cluster the keys are on different
    /// servers. Keys: index, log, nodes, sequence, then the versions of the tags. Arguments: node, message id, the
    /// highest number the node has seen, tags, channel, length of the log, lifetime of a version in ms. Returns the
    /// number, then the nodes.
    /// </summary>
    public const string Invalidate = NextNumber + Announce + """
        local version = next_number(KEYS[4], tonumber(ARGV[3]))
        for i = 5, #KEYS do
            local known = redis.call('GET', KEYS[i])
            if not known or tonumber(known) < tonumber(version) then
                if KEYS[i] == 'v:{cache}' then
                    redis.call('SET', KEYS[i], version)
                else
                    redis.call('SET', KEYS[i], version, 'PX', ARGV[7])
                end
            end
        end
        local nodes = announce(KEYS[1], KEYS[2], KEYS[3], ARGV[1], ARGV[2], version, ARGV[4], ARGV[5], ARGV[6])
        table.insert(nodes, 1, version)
        return nodes
        """;
}
