using System.Collections.Concurrent;
using Microsoft.AspNetCore.Http.HttpResults;

namespace ECommerce.Features.Common.Http;

/// <summary>Limits the server-sent-event streams that are open on this replica: 20 of a user, 500 of all.</summary>
internal sealed class EventStreams
{
    public const int MaxPerUser = 20;
    public const int Max = 500;

    private readonly ConcurrentDictionary<int, int> _open = [];
    private int _all;

    /// <summary>Opens a stream until the result is disposed; null when there are too many.</summary>
    public IDisposable? TryOpen(int userId)
    {
        var isWithinBoth = Interlocked.Increment(ref _all) <= Max;
        isWithinBoth &= _open.AddOrUpdate(userId, 1, static (_, count) => count + 1) <= MaxPerUser;
        if (isWithinBoth)
            return new Stream(this, userId);
        Close(userId);
        return null;
    }

    /// <summary>The response where there are too many.</summary>
    public static ProblemHttpResult TooMany() => Problems.TooManyRequests(
        "too_many_streams", $"A user has {MaxPerUser} streams at most, and a replica {Max}.");

    private void Close(int userId)
    {
        Interlocked.Decrement(ref _all);
        if (_open.AddOrUpdate(userId, 0, static (_, count) => count - 1) == 0)
            _open.TryRemove(new KeyValuePair<int, int>(userId, 0));
    }

    private sealed class Stream(EventStreams streams, int userId) : IDisposable
    {
        private int _isClosed;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _isClosed, 1) == 0)
                streams.Close(userId);
        }
    }
}
