namespace ECommerce.Caching;

/// <summary>How often the layers could answer for one policy. Counted here and read when somebody asks: a hit must not pay for who listens.</summary>
internal sealed class PolicyCounters
{
    public StripedCounter MemoryHits { get; } = new();
    public StripedCounter RedisHits { get; } = new();
    public StripedCounter OutputHits { get; } = new();
    public StripedCounter MemoryMisses { get; } = new();
    public StripedCounter RedisMisses { get; } = new();
    public StripedCounter OutputMisses { get; } = new();
}
