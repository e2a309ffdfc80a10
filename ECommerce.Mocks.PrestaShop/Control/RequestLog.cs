using System.Collections.Concurrent;
using Microsoft.AspNetCore.WebUtilities;

namespace ECommerce.Mocks.PrestaShop.Control;

/// <summary>A request to the webservice. The key is never in it; status 0 is a connection that broke.</summary>
internal sealed record LoggedRequest(
    DateTimeOffset At, string Method, string Path, string Query, int Status, double Ms);

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

    /// <summary>The query in a form to read, without the key.</summary>
    public static string Describe(HttpRequest request) =>
        string.Join('&', QueryHelpers.ParseQuery(request.QueryString.Value)
        .Where(pair => pair.Key != "ws_key")
        .SelectMany(pair => pair.Value, (pair, value) => $"{pair.Key}={value}"));
}
