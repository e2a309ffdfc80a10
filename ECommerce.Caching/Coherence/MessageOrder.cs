namespace ECommerce.Caching.Coherence;

/// <summary>
/// Which numbered messages this node has applied without a gap. Messages and heartbeats may be handled in another order
/// than they were sent: only their numbers show what is missing.
/// </summary>
/// <remarks>Not thread-safe: <see cref="Backplane"/> calls it under its lock.</remarks>
internal sealed class MessageOrder
{
    // More than the log has: what was not kept is read there.
    private const int MaxAhead = 1024;

    private readonly SortedSet<long> _ahead = [];
    private long _last = -1;
    private long _countsFrom;
    private HeartbeatMessage? _waiting;

    /// <summary>
    /// False until the first heartbeat, and again after Redis was replaced: no number connects to the next one.
    /// </summary>
    public bool IsCounting => _last >= 0;

    /// <summary>The number of the last message up to which nothing is missing.</summary>
    public long Last => _last;

    /// <summary>Counting starts with this heartbeat.</summary>
    public void Start(in HeartbeatMessage heartbeat)
    {
        _ahead.Clear();
        (_last, _countsFrom) = (heartbeat.Index, heartbeat.SentAt);
    }

    /// <summary>
    /// A message was applied. The heartbeat that waited for it, if one did and nothing else is missing.
    /// </summary>
    public HeartbeatMessage? Applied(long index)
    {
        _ahead.Add(index);
        if (_ahead.Count > MaxAhead)
            _ahead.Remove(_ahead.Max);
        return Advance();
    }

    /// <summary>Whether every message up to the heartbeat was applied.</summary>
    public bool Reaches(in HeartbeatMessage heartbeat) => heartbeat.Index <= _last;

    /// <summary>
    /// The heartbeat waits for missing messages. True if an earlier one waits too: messages are not only late, they are
    /// lost.
    /// </summary>
    public bool Wait(in HeartbeatMessage heartbeat)
    {
        var isLost = _waiting is { } earlier && earlier.Index > _last;
        _waiting = heartbeat;
        return isLost;
    }

    /// <summary>
    /// The log was read up to a number; null: the log is empty, as after a flush, and the waiting heartbeat counts.
    /// </summary>
    public HeartbeatMessage? CaughtUp(long? index)
    {
        _last = index ?? _waiting?.Index ?? -1;
        return Advance();
    }

    /// <summary>
    /// Redis was replaced: its numbers may start again. Not if the heartbeat of the script that reported this came
    /// before the result of that script: counting already follows the new Redis.
    /// </summary>
    public void Reset(long reportedBy)
    {
        if (IsCounting && _countsFrom >= reportedBy)
            return;
        _last = -1;
        _waiting = null;
        _ahead.Clear();
    }

    private HeartbeatMessage? Advance()
    {
        if (!IsCounting)
            return null;
        while (_ahead.Remove(_last + 1))
            _last++;
        _ahead.RemoveWhere(index => index <= _last);
        if (_waiting is not { } heartbeat || !Reaches(heartbeat))
            return null;
        _waiting = null;
        return heartbeat;
    }
}
