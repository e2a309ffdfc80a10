using StackExchange.Redis;

namespace ECommerce.Caching.Redis;

/// <summary>
/// The names of all keys and channels of one cache in Redis. <c>CACHE_KEY_PREFIX</c> stands before each of them, so
/// that applications in one database share nothing. Channels belong to the whole server, so their names carry the
/// number of the database too, unless that is 0.
/// </summary>
/// <remarks>
/// The companions of a key have it, with its prefix, as their hash tag: in a Redis Cluster they share its slot.
/// </remarks>
internal sealed class RedisNames
{
    /// <summary>Those without a prefix, in database 0.</summary>
    public static readonly RedisNames Default = new();

    private readonly string _database;

    // The client adds the prefix of its connection string to channels; in a script it must be written out.
    private readonly string _connectionPrefix;

    public RedisNames(IConnectionMultiplexer redis, CacheSettings settings)
        : this(
            settings.KeyPrefix, redis.GetDatabase().Database,
            (string?)ConfigurationOptions.Parse(redis.Configuration, ignoreUnknown: true).ChannelPrefix)
    {
    }

    internal RedisNames(string prefix = "", int database = 0, string? connectionPrefix = null)
    {
        Prefix = prefix;
        _database = database > 0 ? FormattableString.Invariant($":{database}") : string.Empty;
        _connectionPrefix = connectionPrefix ?? string.Empty;
        Sequence = Control("seq");
        Generation = Control("v");
        Run = Control("run");
        Nodes = Control("nodes");
        Index = Control("index");
        Log = Control("log");
        Time = Control("time");
        Announced = Control("announced");
        Probe = Control("v") + ":probe";
        Floor = Control("v") + ":floor";
        Backplane = Channel("cache:backplane");
        Fills = Channel("cache:fills");
    }

    /// <summary>Empty, or a name and a colon.</summary>
    public string Prefix { get; }

    public string Sequence { get; }
    public string Generation { get; }
    public string Run { get; }
    public string Nodes { get; }
    public string Index { get; }
    public string Log { get; }
    public string Time { get; }

    /// <summary>The announced invalidations that are not completed, each until a time of Redis.</summary>
    public string Announced { get; }

    /// <summary>What a heartbeat writes to prove that an invalidation could; no tag has this version key.</summary>
    public string Probe { get; }

    /// <summary>The lowest version that a tag without one is given; no tag has this version key.</summary>
    public string Floor { get; }

    /// <summary>The channel of invalidations and commands.</summary>
    public RedisChannel Backplane { get; }

    /// <summary>Announces to waiting nodes that a fill has ended.</summary>
    public RedisChannel Fills { get; }

    /// <summary>
    /// The channel of one node: its heartbeats, and the acknowledgements of the others. With heartbeats on the channel
    /// of all, their number would grow with the square of the number of nodes.
    /// </summary>
    public RedisChannel Node(string node) => Channel("cache:node:" + node);

    /// <summary>A channel as a script must name it.</summary>
    public RedisValue InScript(RedisChannel channel) => _connectionPrefix + (string?)channel;

    /// <summary>The key of an entry.</summary>
    public string Entry(string key) => Prefix.Length == 0 ? key : Prefix + key;

    /// <summary>The key of the schema under which an entry of this cache was found.</summary>
    public string KeyOf(string entry) => entry[Prefix.Length..];

    public string Version(string tag) => tag == CacheTags.Everything ? Generation : Companion("v", tag);

    /// <summary>The list of what the nodes counted in one hour, by its number since 1970.</summary>
    public string History(long hour) => FormattableString.Invariant($"{Control("history")}:{hour}");

    public string FillLock(string key) => Companion("fl", key);

    private string Control(string kind) => Companion(kind, "cache");

    private string Companion(string kind, string key) => string.Concat([Prefix, kind, ":{", Prefix, key, "}"]);

    private RedisChannel Channel(string name) => RedisChannel.Literal(Prefix + name + _database);
}
