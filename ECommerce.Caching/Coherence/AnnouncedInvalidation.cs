using ECommerce.Caching.Memory;
using ECommerce.Caching.Redis;

namespace ECommerce.Caching.Coherence;

/// <summary>
/// An invalidation in two messages. The announcement goes out while the database commits: a node that has acknowledged
/// it serves and stores nothing of the tags until the second message, the invalidation, comes after the commit. So the
/// writer waits for whichever is acknowledged first, and usually that is the announcement.
/// </summary>
/// <remarks>
/// The order that this relies on: what a node stores was read either before the announcement, which drops it, or after
/// the invalidation, and so after the commit. A node that joins in between finds the announcement in its first
/// heartbeat. Should the commit take so long that the announcement may have ended, or should the connection to Redis
/// have been cut, only the invalidation counts.
/// </remarks>
internal sealed class AnnouncedInvalidation : IAnnouncedInvalidation
{
    // Half of the time for which it is in force: what a commit may take.
    private const long Reliable = Announcements.Milliseconds / 2;

    private readonly CacheClock _clock;
    private readonly RedisLayer _redis;
    private readonly Action _endHere;
    private readonly Func<bool, Task<InvalidationOutcome>> _complete;
    private readonly long _begunAt;
    private readonly int _epoch;
    private readonly Task<bool> _inForce;

    public AnnouncedInvalidation(
        CacheClock clock, RedisLayer redis, Func<Task<bool>> announce, Action endHere,
        Func<bool, Task<InvalidationOutcome>> complete)
    {
        (_clock, _redis, _endHere, _complete) = (clock, redis, endHere, complete);
        // Noted before it is sent: no node receives it earlier.
        (_begunAt, _epoch) = (clock.Now, redis.Epoch);
        _inForce = announce();
    }

    public Task<InvalidationOutcome> Completion { get; private set; } = Task.FromResult(InvalidationOutcome.Deferred);

    public async ValueTask<InvalidationOutcome> CompleteAsync()
    {
        // Before anything is sent: what is in force already ends when the invalidation is, and that needs no caller.
        if (IsInForce)
        {
            _endHere();
            Completion = Task.Run(() => _complete(true));
            return InvalidationOutcome.Applied;
        }
        var wasInTime = IsReliable;
        Completion = _complete(false);
        if (wasInTime && await Task.WhenAny(_inForce, Completion).ConfigureAwait(false) == _inForce
            && await _inForce.ConfigureAwait(false) && _redis.Epoch == _epoch)
        {
            _endHere();
            return InvalidationOutcome.Applied;
        }
        return await Completion.ConfigureAwait(false);
    }

    // As after a commit: the message tells the nodes that it is over.
    public void Cancel() => Completion = _complete(IsInForce);

    private bool IsInForce => IsReliable && _inForce is { IsCompletedSuccessfully: true, Result: true };

    private bool IsReliable => _clock.Now - _begunAt < Reliable && _redis.Epoch == _epoch;
}
