namespace ECommerce.Caching.Memory;

/// <summary>
/// The right of this node to serve L1 with full lifetimes. A heartbeat that came back with no message missing renews
/// it, counted from when that heartbeat was sent; a cut subscription ends it at once.
/// </summary>
/// <remarks>
/// Without the lease an entry may be served for two seconds after its value was read. Where partitioned nodes are
/// announced to the writers (<see cref="IPartitionedNodes"/>), only while this node is announced.
/// </remarks>
internal sealed class NodeLease(CacheClock clock, bool mustAnnounce = false)
{
    public const long Milliseconds = 2000;

    private long _until;
    private long _followedFrom;
    private long _announcedSince = long.MaxValue;
    private long _announcedUntil;

    /// <summary>In milliseconds of <see cref="CacheClock"/>.</summary>
    public long Until => Volatile.Read(ref _until);

    public bool IsHeld => clock.Now < Until;

    /// <summary>
    /// While the lease lasts: the highest number that Redis had issued when this node began to follow the messages,
    /// without a gap since. Every later invalidation is known here. Zero: the node does not follow.
    /// </summary>
    public long FollowedFrom => IsHeld ? Volatile.Read(ref _followedFrom) : 0;

    public void Renew(long sentAt) => Volatile.Write(ref _until, sentAt + Milliseconds);

    public void End() => Volatile.Write(ref _until, 0);

    /// <summary>True if the node did not follow before.</summary>
    public bool TryFollow(long number)
    {
        if (Volatile.Read(ref _followedFrom) != 0)
            return false;
        Volatile.Write(ref _followedFrom, number);
        return true;
    }

    public void LoseTrack() => Volatile.Write(ref _followedFrom, 0);

    /// <summary>Whether an entry may be served without the lease.</summary>
    public bool CoversUnleased(long readAt, long now) => now < readAt + Milliseconds && CoversAnnounced(readAt, now);

    /// <summary>Whether the writers know that this node serves what it read at that time.</summary>
    public bool CoversAnnounced(long readAt, long now) =>
        !mustAnnounce || (readAt > Volatile.Read(ref _announcedSince) && now < Volatile.Read(ref _announcedUntil));

    public bool IsAnnounced => Volatile.Read(ref _announcedUntil) != 0;

    /// <summary>
    /// Writers see this node as partitioned once <paramref name="visibleAfter"/> milliseconds have passed; local trust
    /// ends before the announcement does.
    /// </summary>
    public void Announced(long sentAt, long visibleAfter)
    {
        // The previous announcement has expired, or there was none: values read meanwhile were announced to no writer.
        if (sentAt >= Volatile.Read(ref _announcedUntil))
            Volatile.Write(ref _announcedSince, clock.Now + visibleAfter);
        Volatile.Write(ref _announcedUntil, sentAt + Milliseconds);
    }

    public void WithdrawAnnouncement() => Volatile.Write(ref _announcedUntil, 0);
}
