namespace ECommerce.Api.Tests.Caching;

// The same tests, over three masters and three replicas: whatever one script touches is in one slot.

[Collection(nameof(RedisCluster))]
public class TwoNodesOnAClusterTests(RedisCluster cluster) : TwoNodesTests
{
    internal override Task<RedisServer> StartRedisAsync() => cluster.CleanAsync();
}

[Collection(nameof(RedisCluster))]
public class ClusterFlightOnAClusterTests(RedisCluster cluster) : ClusterFlightTests
{
    internal override Task<RedisServer> StartRedisAsync() => cluster.CleanAsync();
}

[Collection(nameof(RedisCluster))]
public class FenceOnAClusterTests(RedisCluster cluster) : FenceTests
{
    internal override Task<RedisServer> StartRedisAsync() => cluster.CleanAsync();
}

[Collection(nameof(RedisCluster))]
public class FlagOnAClusterTests(RedisCluster cluster) : FlagTests
{
    internal override Task<RedisServer> StartRedisAsync() => cluster.CleanAsync();
}

[Collection(nameof(RedisCluster))]
public class RoundTripOnAClusterTests(RedisCluster cluster) : RoundTripTests
{
    internal override Task<RedisServer> StartRedisAsync() => cluster.CleanAsync();
}

[Collection(nameof(RedisCluster))]
public class PatternOnAClusterTests(RedisCluster cluster) : PatternTests
{
    internal override Task<RedisServer> StartRedisAsync() => cluster.CleanAsync();
}

[Collection(nameof(RedisCluster))]
public class StaleOnAClusterTests(RedisCluster cluster) : StaleTests
{
    internal override Task<RedisServer> StartRedisAsync() => cluster.CleanAsync();
}

[Collection(nameof(RedisCluster))]
public class AcceptOnAClusterTests(RedisCluster cluster) : AcceptTests
{
    internal override Task<RedisServer> StartRedisAsync() => cluster.CleanAsync();
}

[Collection(nameof(RedisCluster))]
public class BackplaneOnAClusterTests(RedisCluster cluster) : BackplaneTests
{
    internal override Task<RedisServer> StartRedisAsync() => cluster.CleanAsync();
}

[Collection(nameof(RedisCluster))]
public class EncryptionOnAClusterTests(RedisCluster cluster) : EncryptionTests
{
    internal override Task<RedisServer> StartRedisAsync() => cluster.CleanAsync();
}

[Collection(nameof(RedisCluster))]
public class RaceOnAClusterTests(RedisCluster cluster) : RaceTests
{
    internal override Task<RedisServer> StartRedisAsync() => cluster.CleanAsync();
}

[Collection(nameof(RedisCluster))]
public class LifetimeOnAClusterTests(RedisCluster cluster) : LifetimeTests
{
    internal override Task<RedisServer> StartRedisAsync() => cluster.CleanAsync();
}

[Collection(nameof(RedisCluster))]
public class InspectorOnAClusterTests(RedisCluster cluster) : InspectorTests
{
    internal override Task<RedisServer> StartRedisAsync() => cluster.CleanAsync();
}

[Collection(nameof(RedisCluster))]
public class EntriesInRedisOnAClusterTests(RedisCluster cluster) : EntriesInRedisTests
{
    internal override Task<RedisServer> StartRedisAsync() => cluster.CleanAsync();
}

[Collection(nameof(RedisCluster))]
public class VersionsInRedisOnAClusterTests(RedisCluster cluster) : VersionsInRedisTests
{
    internal override Task<RedisServer> StartRedisAsync() => cluster.CleanAsync();
}

[Collection(nameof(RedisCluster))]
public class KeyListingOnAClusterTests(RedisCluster cluster) : KeyListingTests
{
    internal override Task<RedisServer> StartRedisAsync() => cluster.CleanAsync();
}

[Collection(nameof(RedisCluster))]
public class KeyVerdictOnAClusterTests(RedisCluster cluster) : KeyVerdictTests
{
    internal override Task<RedisServer> StartRedisAsync() => cluster.CleanAsync();
}
