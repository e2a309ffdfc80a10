using ECommerce.Caching.Memory;
using ECommerce.Caching.SingleFlight;

namespace ECommerce.Caching.Inspection;

/// <summary>Looks at entries in memory as a read would, and leaves no trace on them.</summary>
internal static class MemoryInspection
{
    public static MemoryCopy Look(CacheEngine engine, CacheEntry? entry)
    {
        if (entry is null)
            return MemoryCopy.Absent;
        var now = engine.Clock.Now;
        var (state, droppedBy) = StateOf(engine, entry, now);
        return new MemoryCopy(
            state, droppedBy, TimeSpan.FromMilliseconds(now - entry.ReadAt), Left(entry.FreshUntil, now),
                Left(entry.StaleUntil, now), entry.Size, entry.AsOf,
            [.. entry.Stamps.ToArray().Select(
                static stamp => new MemoryTag(stamp.State.Name, stamp.State.DroppedAt, stamp.Sequence))]);
    }

    public static (MemoryState State, string? DroppedBy) StateOf(CacheEngine engine, CacheEntry entry, long now)
    {
        if (entry.Stamps.ToArray().Select(static stamp => stamp.State).Where(tag => tag.DroppedAt > entry.AsOf)
            .MinBy(static tag => tag.DroppedAt) is { } dropped)
        {
            return (MemoryState.Invalidated, dropped.Name);
        }
        if (engine.Tags.Node.DroppedAt > entry.AsOf)
            return (MemoryState.Forgotten, null);
        if (now >= entry.StaleUntil)
            return (MemoryState.Expired, null);
        if (!engine.Memory.IsCovered(entry, now))
            return (MemoryState.Unleased, null);
        return (now < entry.FreshUntil ? MemoryState.Fresh : MemoryState.Stale, null);
    }

    public static TimeSpan Left(long until, long now) => TimeSpan.FromMilliseconds(Math.Max(0, until - now));
}
