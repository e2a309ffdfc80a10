using ECommerce.Caching.Keys;
using ECommerce.Caching.Memory;
using ECommerce.Caching.Policies;

namespace ECommerce.Caching.Warming;

/// <inheritdoc cref="IReadSampler"/>
internal sealed class ReadSampler(MemoryLayer memory, PolicyRegistry policies, CacheSettings settings) : IReadSampler
{
    private const string UserParameter = "{user_id}";

    private readonly HashSet<string> _ofUsers = policies.All.Select(static policy => policy.Pattern)
        .Where(static pattern => pattern.Split(':').Contains(UserParameter)).ToHashSet(StringComparer.Ordinal);

    public int MaxItems => settings.Enabled && settings.Backend != CacheBackend.Redis ? settings.MaxMemItems : 0;

    public IReadOnlyCollection<SampledRead> Take()
    {
        var reads = new HashSet<SampledRead>();
        foreach (var entry in memory.Entries)
        {
            if ((entry.Marks & ReadMarks.Sample) == 0)
                continue;
            entry.Marks &= ~ReadMarks.Sample;
            if (!entry.Policy.IsDeclared || _ofUsers.Contains(entry.Policy.Pattern)
                || policies.FindByResponse(ResponseKey.DataKey(entry.Key)) is not var (policy, key))
            {
                continue;
            }
            reads.Add(new SampledRead(policy.Pattern, policy.Keys!.TenantIn(key), key));
        }
        return reads;
    }
}
