using System.Collections.Concurrent;

namespace ECommerce.Features.PrestaShop;

/// <summary>Limits the server-sent-event streams that a user has open on this replica: ten.</summary>
internal sealed class EventStreams
{
    public const int MaxPerUser = 10;

    private readonly ConcurrentDictionary<int, int> _open = [];

    /// <summary>Opens a stream until the result is disposed; null when the user has too many.</summary>
    public IDisposable? TryOpen(int userId)
    {
        if (_open.AddOrUpdate(userId, 1, static (_, count) => count + 1) <= MaxPerUser)
            return new Stream(this, userId);
        Close(userId);
        return null;
    }

    private void Close(int userId)
    {
        if (_open.AddOrUpdate(userId, 0, static (_, count) => count - 1) == 0)
            _open.TryRemove(new KeyValuePair<int, int>(userId, 0));
    }

    private sealed class Stream(EventStreams streams, int userId) : IDisposable
    {
        public void Dispose() => streams.Close(userId);
    }
}
