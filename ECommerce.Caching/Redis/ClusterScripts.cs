namespace ECommerce.Caching.Redis;

/// <summary>
/// What runs inside Redis for the system as a whole. Each script touches keys of one hash slot: these share the hash
/// tag <c>{cache}</c> (see <see cref="RedisNames"/>). The sequence is the one issuer of versions: each is greater than
/// the last, and greater than any an earlier Redis may have issued. The generation is the version of everything; it is
/// raised when Redis forgot something, so that nothing written before is usable.
/// </summary>
internal static class ClusterScripts
{
    /// <summary>What a number of ours may be ahead of Redis' time, in microseconds: a day.</summary>
    internal const string Day = "86400000000";

    /// <summary>As <see cref="Memory.NodeLease.Milliseconds"/>.</summary>
    private const string LeaseMilliseconds = "2000";

    /// <summary>
    /// How long a registration lasts at least whose node has sent a heartbeat within the last second: twice the period.
    /// </summary>
    private const string OfLastSecond = "2000";

    /// <summary>How the name of a node begins that knows the floor.</summary>
    internal const string NodeMark = "n";

    /// <summary>The stack of Lua holds less than eight thousand.</summary>
    private const string UnlinkedAtOnce = "1000";

    /// <summary>How many announced invalidations a heartbeat names.</summary>
    private const string MaxAnnounced = "100";

    // What a key of ours holds may come from anywhere. What is of another type, or no number, counts as forgotten. A
    // Lua number is exact up to 2^53.
    internal const string ReadNumber = """
        local function text(key)
            local value = redis.pcall('GET', key)
            if type(value) ~= 'table' then return value end
            if not string.find(value.err, 'WRONGTYPE', 1, true) then return redis.call('GET', key) end
            redis.call('DEL', key)
            return false
        end
        local function parsed(value)
            if not value or #value > 16 or not string.match(value, '^%d+$') then return nil end
            local number = tonumber(value)
            if number > 9007199254740991 then return nil end
            return number
        end
        local function number(key) return parsed(text(key)) end
        local function microseconds()
            local time = redis.call('TIME')
            return time[1] * 1000000 + time[2]
        end

        """;

    private const string NextNumber = ReadNumber + """
        local function next_number(key, seen)
            local last = number(key) or 0
            local number = string.format('%.0f', math.max(last + 1, seen + 1, microseconds()))
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
    /// in the other order than they drew their numbers: the higher number stays, unless it cannot be one.
    /// </summary>
    public const string Raise = ReadNumber + $$"""
        local known = number(KEYS[1])
        local raised = tonumber(ARGV[1])
        if known and known >= raised and known <= math.max(raised, microseconds()) + {{Day}} then
            return string.format('%.0f', known)
        end
        if ARGV[2] == '0' then
            redis.call('SET', KEYS[1], ARGV[1])
        else
            redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
        end
        return ARGV[1]
        """;

    // A tag without a version gets one; one that has it keeps it, for longer, unless it cannot be one.
    internal const string EnsureFunction = ReadNumber + $$"""
        local function ensure(key, version, lifetime)
            if redis.call('SET', key, version, 'PX', lifetime, 'NX') then return end
            local known = number(key)
            if known and known <= math.max(tonumber(version), microseconds()) + {{Day}} then
                redis.call('PEXPIRE', key, lifetime)
            else
                redis.call('SET', key, version, 'PX', lifetime)
            end
        end

        """;

    /// <summary>
    /// Keys: the version of a tag. Arguments: number, lifetime in ms. A tag without a version gets one; one that has it
    /// keeps it, for longer, unless it cannot be one.
    /// </summary>
    public const string Ensure = EnsureFunction + "ensure(KEYS[1], ARGV[1], ARGV[2])";

    /// <summary>
    /// Keys: sequence, generation, run, nodes, index, log, time, probe, announced, floor. Arguments: node, registration
    /// in ms, channel, the node's own tick, the highest number it has seen, whether it begins to follow, the identity
    /// of the masters of a Redis Cluster (empty: this Redis alone), the length of the log, the number of the last
    /// message that the node has applied, and whether the node had a lease that has ended.
    /// </summary>
    /// <remarks>
    /// <para>First it proves that an invalidation would be accepted: it sends the same commands to the same keys, or to
    /// one beside them. The very first is one that Redis refuses when its memory is full: after any other write of the
    /// script it would be let through. Then it registers the node as alive, notices that this is another Redis than
    /// before (a restart, a promoted replica, lost writes) or that a key of ours holds something else, and then raises
    /// the generation; sends the heartbeat. When a node begins to follow, a number is drawn after it: later entries of
    /// other nodes are distinguished from earlier ones by it.</para>
    /// <para>A Redis that forgot may have forgotten registrations too, of nodes that still serve L1 under their leases.
    /// For as long as those may last a node without a name is registered: it acknowledges nothing, so that writes are
    /// deferred.</para>
    /// <para>The generation is raised too when the first of several nodes comes back that had all lost their leases,
    /// because Redis refused or was silent: others may have committed writes meanwhile that Redis does not know of yet.
    /// A registration that a clock since set back has made too long is shortened.</para>
    /// <para>A node that is not registered may have missed invalidations that were announced and are not completed: its
    /// heartbeat brings them. If there are very many, everything is announced to it.</para>
    /// <para>A floor that is missing, or none, becomes the last number issued: no lower than the one that was
    /// lost.</para>
    /// <para>Returns sequence, generation, index, whether the generation was raised, and the highest number that is
    /// believed: a day above the highest time this Redis has shown. That time is kept, so that a clock set back makes
    /// no issued number unbelievable.</para>
    /// </remarks>
    public const string Beat = NextNumber + $$"""
        local now = microseconds()
        local ahead = now
        local function reach(time)
            if time and time > ahead and time < now + 366 * {{Day}} then ahead = time end
        end
        local before = redis.pcall('GET', KEYS[7])
        if type(before) == 'string' and #before <= 16 and string.match(before, '^%d+$') then reach(tonumber(before)) end
        local seen = tonumber(ARGV[5])
        reach(seen)
        redis.call('SET', KEYS[7], string.format('%.0f', ahead))

        local function other_type(key, kind)
            local found = redis.call('TYPE', key).ok
            if found == 'none' or found == kind then return false end
            redis.call('DEL', key)
            return true
        end
        local lost = other_type(KEYS[4], 'zset')
        if other_type(KEYS[6], 'list') then lost = true end
        if other_type(KEYS[9], 'zset') then lost = true end
        if not number(KEYS[5]) and redis.call('EXISTS', KEYS[5]) == 1 then
            redis.call('DEL', KEYS[5], KEYS[6])
            lost = true
        end
        if (number(KEYS[5]) or 0) < tonumber(ARGV[9]) then lost = true end
        local milliseconds = math.floor(now / 1000)
        local function listed(node) return redis.call('ZSCORE', KEYS[4], node) and 1 or 0 end
        if ARGV[10] == '1' and redis.call('ZCOUNT', KEYS[4], milliseconds + {{OfLastSecond}}, '+inf') == 0
            and redis.call('ZCARD', KEYS[4]) > listed(ARGV[1]) + listed('?') then
            lost = true
        end
        local limit = ahead + {{Day}}
        local last = number(KEYS[1])
        if last and last > limit then
            redis.call('DEL', KEYS[1])
            last = nil
        end
        local generation = number(KEYS[2])
        local run = ARGV[7]
        if run == '' then run = string.match(redis.call('INFO', 'server'), 'run_id:(%w+)') end
        if text(KEYS[3]) ~= run or not generation or generation > limit or (last or -1) < seen then lost = true end
        local raised = 0
        if lost then
            redis.call('SET', KEYS[2], next_number(KEYS[1], seen))
            redis.call('SET', KEYS[3], run)
            raised = 1
        end
        if (number(KEYS[10]) or limit + 1) > limit then redis.call('SET', KEYS[10], redis.call('GET', KEYS[1])) end

        redis.call('DEL', KEYS[8])
        redis.call('RPUSH', KEYS[8], '')
        redis.call('LTRIM', KEYS[8], 1, 0)
        redis.call('SET', KEYS[8], '0', 'PX', 60000)
        redis.call('INCRBY', KEYS[5], 0)
        redis.call('LTRIM', KEYS[6], -ARGV[8], -1)

        local registered = milliseconds + ARGV[2]
        redis.call('ZREMRANGEBYSCORE', KEYS[4], '-inf', milliseconds - 60000)
        for _, node in ipairs(redis.call('ZRANGEBYSCORE', KEYS[4], '(' .. registered, '+inf')) do
            redis.call('ZADD', KEYS[4], registered, node)
        end
        local announced = ''
        redis.call('ZREMRANGEBYSCORE', KEYS[9], '-inf', milliseconds)
        if (tonumber(redis.call('ZSCORE', KEYS[4], ARGV[1]) or 0)) < milliseconds then
            local open = redis.call('ZRANGEBYSCORE', KEYS[9], '-inf', '+inf', 'LIMIT', 0, {{MaxAnnounced}} + 1)
            if #open > {{MaxAnnounced}} then open = { '-\t' .. milliseconds .. '\t*' } end
            if #open > 0 then announced = '\n' .. table.concat(open, '\n') end
        end
        redis.call('ZADD', KEYS[4], registered, ARGV[1])
        if lost and seen > 0 then redis.call('ZADD', KEYS[4], milliseconds + {{LeaseMilliseconds}}, '?') end
        redis.call('ZRANGEBYSCORE', KEYS[4], '+inf', '+inf')
        local index = redis.call('GET', KEYS[5])
        local sequence = redis.call('GET', KEYS[1])
        redis.call('PUBLISH', ARGV[3],
            ARGV[1] .. '\nheartbeat\n' .. index .. '\n' .. ARGV[4] .. '\n' .. sequence .. announced)
        if ARGV[6] == '1' then sequence = next_number(KEYS[1], seen) end
        return { sequence, redis.call('GET', KEYS[2]), index, raised, string.format('%.0f', limit) }
        """;

    private const string Announce = """
        local function alive(nodes_key)
            local time = redis.call('TIME')
            return redis.call('ZRANGEBYSCORE', nodes_key, time[1] * 1000 + math.floor(time[2] / 1000), '+inf')
        end
        local function announce(index_key, log_key, from, id, version, tags, channel, length)
            local index = redis.call('INCRBY', index_key, 1)
            local message = from .. '\n' .. id .. '\n' .. index .. '\n' .. version .. '\n' .. tags
            redis.call('RPUSH', log_key, message)
            redis.call('LTRIM', log_key, -length, -1)
            redis.call('PUBLISH', channel, message)
        end

        """;

    /// <summary>
    /// Keys: index, log, nodes. Arguments: node, message id, version, tags, channel, length of the log. Numbers the
    /// message, logs it for nodes that miss it, publishes it, and returns the nodes that must acknowledge it before the
    /// writer responds.
    /// </summary>
    public const string Publish = Announce
        + """
        announce(KEYS[1], KEYS[2], ARGV[1], ARGV[2], ARGV[3], ARGV[4], ARGV[5], ARGV[6])
        return alive(KEYS[3])
        """;

    /// <summary>
    /// A whole invalidation in one round trip, for a single Redis: in a Redis Cluster the keys are on different
    /// servers. Keys: index, log, nodes, sequence, generation, announced, floor, then the versions of the tags.
    /// Arguments: node, message id, the highest number the node has seen, tags, channel, length of the log, lifetime of
    /// a version in ms, the announcement that it begins or ends (empty: none), for how long it begins in ms (0: it
    /// ends), and whether the tags are many, without that of everything. Returns the number, then the nodes.
    /// </summary>
    /// <remarks>
    /// The versions of many tags are removed by one command, because to set each of them takes three times as long as
    /// all the rest. An entry that has to be compared with a missing version is unusable, and the floor, the number of
    /// the last such invalidation, is the lowest version that a tag without one is given (see
    /// <see cref="EntryScripts.Store"/>): a value from before stays unusable. Nodes from before 2026-11-30 do not know
    /// the floor; their names are hexadecimal numbers. Nor is it used where the sequence was lost.
    /// </remarks>
    public const string Invalidate = NextNumber + Announce + $$"""
        local last, seen = number(KEYS[4]), tonumber(ARGV[3])
        local version = next_number(KEYS[4], seen)
        local nodes = alive(KEYS[3])
        local function may_use_floor()
            if ARGV[10] ~= '1' or not last or last < seen then return false end
            for _, node in ipairs(nodes) do
                if string.sub(node, 1, 1) ~= '{{NodeMark}}' then return false end
            end
            return true
        end
        local keys, generation, first = KEYS, KEYS[5], 8
        if may_use_floor() then
            redis.call('SET', KEYS[7], version)
            for i = first, #keys, {{UnlinkedAtOnce}} do
                redis.call('UNLINK', unpack(keys, i, math.min(i + {{UnlinkedAtOnce}} - 1, #keys)))
            end
            first = #keys + 1
        end
        -- As a time and not a period, which Redis would make one for each tag.
        local ends = string.format('%.0f', math.floor(microseconds() / 1000) + ARGV[7])
        for i = first, #keys do
            local key, known = keys[i], nil
            if key == generation then known = redis.pcall('SET', key, version, 'GET')
            else known = redis.pcall('SET', key, version, 'PXAT', ends, 'GET') end
            if known and (type(known) == 'table' or known > version) then
                local number = parsed(type(known) == 'string' and known)
                local is_higher = number and number > tonumber(version) and number <= tonumber(version) + {{Day}}
                redis.call('SET', key, is_higher and known or version)
                if key ~= generation then redis.call('PEXPIRE', key, ARGV[7]) end
            end
        end
        if ARGV[9] ~= '0' then
            redis.call('ZADD', KEYS[6], math.floor(microseconds() / 1000) + ARGV[9], ARGV[8])
        elseif ARGV[8] ~= '' then
            redis.pcall('ZREM', KEYS[6], ARGV[8])
        end
        announce(KEYS[1], KEYS[2], ARGV[1], ARGV[2], version, ARGV[4], ARGV[5], ARGV[6])
        table.insert(nodes, 1, version)
        return nodes
        """;
}
