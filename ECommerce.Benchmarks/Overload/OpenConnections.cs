using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Text;

namespace ECommerce.Benchmarks.Overload;

/// <summary>One request: a GET, or the POST of a body.</summary>
internal sealed record Call(string Path, AuthenticationHeaderValue? Token = null, string? Body = null);

/// <summary>A response: its status, whether it tells when to try again, and its time.</summary>
internal readonly record struct Response(HttpStatusCode Status, bool HasRetryAfter, TimeSpan Time)
{
    public bool IsShed => Status == HttpStatusCode.ServiceUnavailable && HasRetryAfter;
}

/// <summary>The responses of one run.</summary>
internal sealed class Responses(IReadOnlyCollection<Response> all)
{
    public int Total => all.Count;

    public double P99 => P99Of(static _ => true);

    public int Count(HttpStatusCode status) => CountOf(response => response.Status == status);

    public int CountOf(Func<Response, bool> which) => all.Count(which);

    /// <summary>In milliseconds; 0 without any.</summary>
    public double P99Of(Func<Response, bool> which)
    {
        var times = all.Where(which).Select(response => response.Time.TotalMilliseconds).Order().ToArray();
        return times.Length == 0 ? 0 : times[(int)((times.Length - 1) * 0.99)];
    }

    public override string ToString()
    {
        var statuses = all.GroupBy(response => response.Status).OrderBy(group => group.Key)
            .Select(group => $"{group.Count()} x {(int)group.Key}");
        return FormattableString.Invariant($"{string.Join(", ", statuses)}; p99 {P99:0.0} ms");
    }
}

/// <summary>A closed loop over a fixed number of connections to one server.</summary>
internal sealed class OpenConnections(Uri address, int max) : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly HttpMessageInvoker _client = new(new SocketsHttpHandler
    {
        MaxConnectionsPerServer = max,
        UseCookies = false,
        AllowAutoRedirect = false,
    });

    /// <summary>Sends one call after the other on each connection, at least one.</summary>
    public async Task<Responses> RunAsync(
        int connections, TimeSpan duration, Func<Call> next, TimeSpan pause = default)
    {
        var responses = new ConcurrentQueue<Response>();
        var started = Stopwatch.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, connections).Select(_ => Task.Run(async () =>
        {
            do
            {
                responses.Enqueue(await SendAsync(next()));
                if (pause > TimeSpan.Zero)
                    await Task.Delay(pause);
            }
            while (Stopwatch.GetElapsedTime(started) < duration);
        })));
        return new Responses(responses);
    }

    public void Dispose() => _client.Dispose();

    private async Task<Response> SendAsync(Call call)
    {
        using var request = new HttpRequestMessage(
            call.Body is null ? HttpMethod.Get : HttpMethod.Post, new Uri(address, call.Path));
        request.Headers.Authorization = call.Token;
        if (call.Body is not null)
            request.Content = new StringContent(call.Body, Encoding.UTF8, "application/json");
        using var patience = new CancellationTokenSource(Patience);
        var started = Stopwatch.GetTimestamp();
        try
        {
            using var response = await _client.SendAsync(request, patience.Token);
            await response.Content.CopyToAsync(Stream.Null, patience.Token);
            return new Response(
                response.StatusCode, response.Headers.RetryAfter is not null, Stopwatch.GetElapsedTime(started));
        }
        catch (Exception exception)
            when (exception is HttpRequestException or IOException or OperationCanceledException)
        {
            // Neither of the statuses that are right.
            return new Response(0, HasRetryAfter: false, Stopwatch.GetElapsedTime(started));
        }
    }
}
