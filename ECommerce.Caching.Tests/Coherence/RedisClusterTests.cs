using ECommerce.Caching.Redis;
using ECommerce.Caching.Tests.History;
using ECommerce.Caching.Tests.Inspection;
using ECommerce.Caching.Tests.Memory;
using ECommerce.Caching.Tests.Policies;
using ECommerce.Caching.Tests.Redis;
using ECommerce.Caching.Tests.Serialization;
using ECommerce.Caching.Tests.SingleFlight;
using ECommerce.Caching.Tests.Tags;

namespace ECommerce.Caching.Tests.Coherence;

// The same tests, over three masters and three replicas: whatever one script touches is in one slot.

[Collection(nameof(RedisCluster))]
public class TwoNodesOnRedisClusterTests(RedisCluster cluster) : TwoNodesTests
{
    internal override Task<RedisServer> StartRedisAsync() => cluster.CleanAsync();
}

[Collection(nameof(RedisCluster))]
public class CacheHistoryOnRedisClusterTests(RedisCluster cluster) : CacheHistoryTests
{
    internal override Task<RedisServer> StartRedisAsync() => cluster.CleanAsync();
}

[Collection(nameof(RedisCluster))]
public class DistributedSingleFlightOnRedisClusterTests(RedisCluster cluster) : DistributedSingleFlightTests
{
    internal override Task<RedisServer> StartRedisAsync() => cluster.CleanAsync();
}

[Collection(nameof(RedisCluster))]
public class FillLockOwnershipOnRedisClusterTests(RedisCluster cluster) : FillLockOwnershipTests
{
    internal override Task<RedisServer> StartRedisAsync() => cluster.CleanAsync();
}

[Collection(nameof(RedisCluster))]
public class FenceOnRedisClusterTests(RedisCluster cluster) : FenceTests
{
    internal override Task<RedisServer> StartRedisAsync() => cluster.CleanAsync();
}

[Collection(nameof(RedisCluster))]
public class FlagOnRedisClusterTests(RedisCluster cluster) : CacheFlagsTests
{
    internal override Task<RedisServer> StartRedisAsync() => cluster.CleanAsync();
}

[Collection(nameof(RedisCluster))]
public class RoundTripOnRedisClusterTests(RedisCluster cluster) : RoundTripTests
{
    // The versions are on other servers.
    internal override string[] StoreScripts =>
        [.. Enumerable.Repeat(ClusterScripts.Ensure, 3), EntryScripts.Store];

    internal override Task<RedisServer> StartRedisAsync() => cluster.CleanAsync();
}

[Collection(nameof(RedisCluster))]
public class PatternOnRedisClusterTests(RedisCluster cluster) : PatternSweepTests
{
    internal override Task<RedisServer> StartRedisAsync() => cluster.CleanAsync();
}

[Collection(nameof(RedisCluster))]
public class StaleOnRedisClusterTests(RedisCluster cluster) : StaleWhileRevalidateTests
{
    internal override Task<RedisServer> StartRedisAsync() => cluster.CleanAsync();
}

[Collection(nameof(RedisCluster))]
public class AcceptOnRedisClusterTests(RedisCluster cluster) : AcceptTests
{
    internal override Task<RedisServer> StartRedisAsync() => cluster.CleanAsync();
}

[Collection(nameof(RedisCluster))]
public class BackplaneOnRedisClusterTests(RedisCluster cluster) : BackplaneTests
{
    internal override Task<RedisServer> StartRedisAsync() => cluster.CleanAsync();
}

[Collection(nameof(RedisCluster))]
public class EncryptionOnRedisClusterTests(RedisCluster cluster) : EncryptionTests
{
    internal override Task<RedisServer> StartRedisAsync() => cluster.CleanAsync();
}

[Collection(nameof(RedisCluster))]
public class RaceOnRedisClusterTests(RedisCluster cluster) : RaceTests
{
    internal override Task<RedisServer> StartRedisAsync() => cluster.CleanAsync();
}

[Collection(nameof(RedisCluster))]
public class LifetimeOnRedisClusterTests(RedisCluster cluster) : LifetimeTests
{
    internal override Task<RedisServer> StartRedisAsync() => cluster.CleanAsync();
}

[Collection(nameof(RedisCluster))]
public class InspectorOnRedisClusterTests(RedisCluster cluster) : CacheInspectorTests
{
    internal override Task<RedisServer> StartRedisAsync() => cluster.CleanAsync();
}

[Collection(nameof(RedisCluster))]
public class EntriesInRedisOnRedisClusterTests(RedisCluster cluster) : EntriesInRedisTests
{
    internal override Task<RedisServer> StartRedisAsync() => cluster.CleanAsync();
}

[Collection(nameof(RedisCluster))]
public class VersionsInRedisOnRedisClusterTests(RedisCluster cluster) : VersionsInRedisTests
{
    internal override Task<RedisServer> StartRedisAsync() => cluster.CleanAsync();
}

[Collection(nameof(RedisCluster))]
public class KeyListingOnRedisClusterTests(RedisCluster cluster) : KeyListingTests
{
    internal override Task<RedisServer> StartRedisAsync() => cluster.CleanAsync();
}

[Collection(nameof(RedisCluster))]
public class KeyExplanationOnRedisClusterTests(RedisCluster cluster) : KeyExplanationTests
{
    internal override Task<RedisServer> StartRedisAsync() => cluster.CleanAsync();
}

[Collection(nameof(RedisCluster))]
public class GetOrCreateManyOnRedisClusterTests(RedisCluster cluster) : GetOrCreateManyTests
{
    internal override Task<RedisServer> StartRedisAsync() => cluster.CleanAsync();
}

[Collection(nameof(RedisCluster))]
public class BatchSingleFlightOnRedisClusterTests(RedisCluster cluster) : BatchSingleFlightTests
{
    internal override Task<RedisServer> StartRedisAsync() => cluster.CleanAsync();
}

[Collection(nameof(RedisCluster))]
public class TagCombinationOnRedisClusterTests(RedisCluster cluster) : TagCombinationTests
{
    internal override Task<RedisServer> StartRedisAsync() => cluster.CleanAsync();
}

[Collection(nameof(RedisCluster))]
public class SlidingExpirationOnRedisClusterTests(RedisCluster cluster) : SlidingExpirationTests
{
    internal override Task<RedisServer> StartRedisAsync() => cluster.CleanAsync();
}
