namespace ECommerce.Caching.Warming;

/// <summary>
/// Tells which keys are read from the memory of this node, at no cost for a hit: it leaves the mark on its entry that
/// eviction needs anyway, and the sampler collects the marks.
/// </summary>
public interface IReadSampler
{
    /// <summary>How many entries the memory of this node holds at most; zero: it holds none.</summary>
    int MaxItems { get; }

    /// <summary>
    /// The keys of data that were read from memory since the last call, directly or as a response that shows them. Not
    /// those of policies with a <c>{user_id}</c>: they belong to one user. Each call takes the marks off, so there is
    /// one caller.
    /// </summary>
    /// <remarks>Goes through all entries in memory, without a lock.</remarks>
    IReadOnlyCollection<SampledRead> Take();
}

/// <summary>A key that was read.</summary>
/// <param name="Pattern">The pattern of its policy.</param>
/// <param name="Tenant">Its tenant, as it is written in the key: percent-escaped.</param>
/// <param name="Key">The key of the data.</param>
public sealed record SampledRead(string Pattern, string Tenant, string Key);
