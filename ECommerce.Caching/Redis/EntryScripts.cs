using ECommerce.Caching.Serialization;

namespace ECommerce.Caching.Redis;

/// <summary>
/// What runs inside Redis for one entry. A value stands under the key of the schema; its companions have that key in
/// braces, so all of them are in one hash slot. The fill lock holds its holder's name, which has a fixed length, a
/// colon, the highest number issued when it was granted and, once another node waits for it, a <c>w</c>.
/// </summary>
internal static class EntryScripts
{
    /// <summary>
    /// Where the lowest sequence number of an entry begins (see <see cref="EntryFormat"/>), counted from one as Lua
    /// does.
    /// </summary>
    private const string SequenceAt = "5";

    private const string Granted = "2";
    private const string Held = "4";
    private const string Never = "never";
    private const string IfAbsent = "absent";

    /// <summary>In ms. A lock that lasts longer was set by no node.</summary>
    private const string MaxLockLifetime = "60000";

    // An entry with a sliding expiration (see EntryFormat), of which the first bytes and the last eight are given:
    // renews it if half of the period is over, and returns how long it may still live at most.
    private const string SlideFunction = """
        local function slide(key, head, tail, left, period)
            if #tail < 8 or math.floor((string.byte(head, 13) or 0) / 4) % 2 == 0 then return left end
            local remains = struct.unpack('<i8', tail) - math.floor(microseconds() / 1000)
            if left <= period / 2 and left < remains then redis.call('PEXPIRE', key, math.min(period, remains)) end
            return remains
        end

        """;

    /// <summary>
    /// Keys: value. Arguments: the period of its sliding expiration in ms. Renews it after a read that needed no Redis.
    /// </summary>
    public const string Slide = ClusterScripts.ReadNumber + SlideFunction + """
        if redis.call('TYPE', KEYS[1]).ok ~= 'string' then return end
        slide(KEYS[1], redis.call('GETRANGE', KEYS[1], 0, 12), redis.call('GETRANGE', KEYS[1], -8, -1),
            redis.call('PTTL', KEYS[1]), tonumber(ARGV[1]))
        """;

    // MGET takes what holds another type for missing.
    private const string LookupFunction = ClusterScripts.ReadNumber + SlideFunction + $$"""
        local function lookup(value_key, lock_key, newest, request, name, lifetime, sequence_key, seen, sliding)
            local found
            if sequence_key then found = redis.call('MGET', value_key, lock_key, sequence_key)
            else found = redis.call('MGET', value_key, lock_key) end
            local value, holder = found[1], found[2]
            local left = 0
            if value then
                if #value >= 12 and struct.unpack('<i8', value, {{SequenceAt}}) < newest then value = false
                else left = redis.call('PTTL', value_key) end
                if value and tonumber(sliding or 0) > 0 then
                    left = slide(value_key, value, string.sub(value, -8), left, tonumber(sliding))
                end
            end
            local has = value and 1 or 0
            if request == '{{Never}}' or (value and request == '{{IfAbsent}}') then
                return struct.pack('<i8i8i8b', left, 0, 0, has) .. (value or '')
            end
            local waiting = ''
            if holder and string.sub(holder, 1, #name) == name then
                waiting = string.match(holder, 'w$') or ''
            elseif holder and (tonumber(string.match(holder, '^%w+:(%d+)w?$') or '') or -1) >= newest then
                local remains = redis.call('PTTL', lock_key)
                if remains >= 0 and remains <= {{MaxLockLifetime}} then
                    if string.sub(holder, -1) ~= 'w' then redis.call('APPEND', lock_key, 'w') end
                    return struct.pack('<i8i8i8b', left, remains, 0, has + {{Held}}) .. (value or '')
                end
            end
            local issued, known = parsed(found[3]) or 0, tonumber(seen)
            if issued > known + {{ClusterScripts.Day}} and issued > microseconds() + {{ClusterScripts.Day}} then
                issued = 0
            end
            issued = math.max(issued, known)
            redis.call('SET', lock_key, name .. string.format(':%.0f', issued) .. waiting, 'PX', lifetime)
            return struct.pack('<i8i8i8b', left, 0, issued, has + {{Granted}}) .. (value or '')
        end

        """;

    /// <summary>
    /// Keys: value, fill lock and, but in a Redis Cluster, the sequence. Arguments: the highest version the reader
    /// knows of the tags that the key implies, when to take the lock (<c>absent</c>: without a value; <c>always</c>;
    /// <c>never</c>), the name to grant it to, for how long in ms, the highest number the reader has seen, and the
    /// period of a sliding expiration in ms (0: none). A value from before that version is missing, and a holder that
    /// began before it loses the lock. A repeated request of the same name, after a lost result, is granted again. A
    /// lock of another form, or without an end, is not ours and is taken over. Returns one text, because to make and
    /// read a list takes as long as all the rest: see <see cref="LookupResult"/>.
    /// </summary>
    /// <remarks>
    /// The holder begins at the highest number issued, not at the highest that its node has seen: the tags may have
    /// later versions, which another node has given them, and by these its value would be outdated when it is stored.
    /// The time, which bounds that number, is asked only where it is a day above the highest that the node has seen.
    /// </remarks>
    public const string Lookup = LookupFunction + """
        return lookup(KEYS[1], KEYS[2], tonumber(ARGV[1]), ARGV[2], ARGV[3], ARGV[4], KEYS[3], ARGV[5], ARGV[6])
        """;

    /// <summary>
    /// The same for many values at once. Keys: two of each value, and the sequence as there. Arguments: how long a
    /// lock lasts in ms, the highest number the reader has seen, then four of each value: version, when to take the
    /// lock, name, sliding expiration. Returns a text for each.
    /// </summary>
    public const string LookupMany = LookupFunction + """
        local sequence = #KEYS % 2 == 1 and KEYS[#KEYS] or nil
        local found = {}
        for i = 1, math.floor(#KEYS / 2) do
            local key, argument = 2 * i - 1, 4 * i - 1
            found[i] = lookup(KEYS[key], KEYS[key + 1], tonumber(ARGV[argument]), ARGV[argument + 1],
                ARGV[argument + 2], ARGV[1], sequence, ARGV[2], ARGV[argument + 3])
        end
        return found
        """;

    /// <summary>When a look-up takes the lock, as the scripts name it.</summary>
    public static string Name(FillLockRequest request) => request switch
    {
        FillLockRequest.Never => Never,
        FillLockRequest.IfAbsent => IfAbsent,
        _ => "always",
    };

    private const string LeaveFunction = """
        local function leave(lock_key, holder, channel, message)
            redis.call('DEL', lock_key)
            if string.sub(holder, -1) == 'w' then redis.call('PUBLISH', channel, message) end
        end

        """;

    /// <summary>
    /// Keys: value, fill lock, then, but in a Redis Cluster, the floor and the versions of tags that may have none.
    /// Arguments: value, lifetime in ms, holder (empty: a value without a lock, which overtakes the run that holds it),
    /// channel, message for waiting nodes, period of a sliding expiration in ms (0: none), lifetime of a version in ms,
    /// then the number of each version. Stores only while the lock is the holder's, gives it back, and gives the tags
    /// versions as <see cref="ClusterScripts.Ensure"/> does, but none below the floor (see
    /// <see cref="ClusterScripts.Invalidate"/>). Returns 0 where it did not store, 2 where there is no floor, so that
    /// the tags got no versions, 1 otherwise.
    /// </summary>
    /// <remarks>
    /// The lock is the fence: each look-up requests it under a name of its own, so a holder that was overtaken finds
    /// another name, or none.
    /// </remarks>
    public const string Store = ClusterScripts.EnsureFunction + LeaveFunction + $$"""
        local holder = text(KEYS[2])
        if ARGV[3] ~= '' and (not holder or string.sub(holder, 1, #ARGV[3]) ~= ARGV[3]) then return 0 end
        local result = 1
        if #KEYS > 3 then
            local floor = number(KEYS[3])
            if floor and floor > tonumber(ARGV[8]) + {{ClusterScripts.Day}}
                and floor > microseconds() + {{ClusterScripts.Day}} then
                floor = nil
            end
            if not floor then result = 2 end
            for i = 4, floor and #KEYS or 0 do
                local version = ARGV[i + 4]
                if floor > tonumber(version) then version = string.format('%.0f', floor) end
                ensure(KEYS[i], version, ARGV[7])
            end
        end
        local value, lives = ARGV[1], ARGV[2]
        if ARGV[6] ~= '0' then
            value = value .. struct.pack('<i8', math.floor(microseconds() / 1000) + tonumber(lives))
            lives = math.min(tonumber(lives), tonumber(ARGV[6]))
        end
        redis.call('SET', KEYS[1], value, 'PX', lives)
        if holder then leave(KEYS[2], holder, ARGV[4], ARGV[5]) end
        return result
        """;

    /// <summary>
    /// Keys: value, fill lock. Arguments: holder, channel, message. Gives the lock back without a value.
    /// </summary>
    public const string Release = ClusterScripts.ReadNumber + LeaveFunction + """
        local holder = text(KEYS[2])
        if holder and string.sub(holder, 1, #ARGV[1]) == ARGV[1] then leave(KEYS[2], holder, ARGV[2], ARGV[3]) end
        """;

    /// <summary>
    /// Keys: fill lock. Arguments: holder, lifetime in ms. Returns whether it still was the holder's.
    /// </summary>
    public const string Renew = ClusterScripts.ReadNumber + """
        local holder = text(KEYS[1])
        if not holder or string.sub(holder, 1, #ARGV[1]) ~= ARGV[1] then return 0 end
        return redis.call('PEXPIRE', KEYS[1], ARGV[2])
        """;
}
