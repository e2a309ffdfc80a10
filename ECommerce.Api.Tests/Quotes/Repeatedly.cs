using System.Net;

namespace ECommerce.Api.Tests.Quotes;

/// <summary>A client that repeats what an overloaded API sheds, as Retry-After asks for.</summary>
internal static class Repeatedly
{
    public static async Task<HttpResponseMessage> CallAsync(
        HttpClient client, HttpMethod method, string path, object? body = null)
    {
        HttpResponseMessage? response = null;
        await Eventually.TrueAsync(async () =>
        {
            response?.Dispose();
            response = await client.CallAsync(method, path, body);
            return response.StatusCode != HttpStatusCode.ServiceUnavailable;
        }, $"{method} {path} is served", TimeSpan.FromMinutes(2));
        return response!;
    }
}
