using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;

namespace ECommerce.Benchmarks.Http;

/// <summary>One kind of request, sent by a fixed number of connections for a fixed time.</summary>
internal sealed record Load(
    string[] Paths, HttpStatusCode Expected, AuthenticationHeaderValue? Token = null, string[]? IfNoneMatch = null,
    string? AcceptEncoding = null)
{
    private const int Connections = 16;

    // A bound in count too: every run ends.
    private const int MaxPerConnection = 200_000;

    /// <summary>Returns the requests per second.</summary>
    public async Task<double> RunAsync(HttpMessageInvoker client, Uri address, TimeSpan duration)
    {
        var uris = Array.ConvertAll(Paths, path => new Uri(address, path));
        var started = Stopwatch.GetTimestamp();
        var counts = await Task.WhenAll(Enumerable.Range(0, Connections).Select(connection => Task.Run(async () =>
        {
            var count = 0;
            while (count < MaxPerConnection && Stopwatch.GetElapsedTime(started) < duration)
            {
                await SendAsync(client, uris, (connection + count) % uris.Length);
                count++;
            }
            return count;
        })));
        return counts.Sum() / Stopwatch.GetElapsedTime(started).TotalSeconds;
    }

    private async Task SendAsync(HttpMessageInvoker client, Uri[] uris, int index)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, uris[index]);
        request.Headers.Authorization = Token;
        if (IfNoneMatch is not null)
            request.Headers.TryAddWithoutValidation("If-None-Match", IfNoneMatch[index]);
        if (AcceptEncoding is not null)
            request.Headers.TryAddWithoutValidation("Accept-Encoding", AcceptEncoding);
        using var response = await client.SendAsync(request, CancellationToken.None);
        if (response.StatusCode != Expected)
            throw new InvalidOperationException($"{Paths[index]} returned {(int)response.StatusCode}.");
        await response.Content.CopyToAsync(Stream.Null);
    }
}
