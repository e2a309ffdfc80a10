using System.Collections.Concurrent;

namespace ECommerce.Mocks.FatturaPa.Control;

/// <summary>A request to the provider. The key is never in it; status 0 is a connection that broke.</summary>
internal sealed record LoggedRequest(DateTimeOffset At, string Method, string Call, string Path, int Status, double Ms);

/// <summary>The last thousand requests.</summary>
internal sealed class RequestLog
{
    private const int Limit = 1000;

    private readonly ConcurrentQueue<LoggedRequest> _requests = new();

    public IReadOnlyList<LoggedRequest> Requests => [.. _requests];

    public void Add(LoggedRequest request)
    {
        _requests.Enqueue(request);
        while (_requests.Count > Limit)
            _requests.TryDequeue(out _);
    }

    public void Clear() => _requests.Clear();
}
