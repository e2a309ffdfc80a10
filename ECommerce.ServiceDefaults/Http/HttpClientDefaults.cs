using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Http.Resilience;
using Polly;

namespace ECommerce.ServiceDefaults.Http;

/// <summary>
/// What every client of <see cref="IHttpClientFactory"/> has: time-outs, retries of safe methods, a circuit breaker per
/// authority, and service discovery (<c>services:{name}:{scheme}:{i}</c>).
/// </summary>
internal static class HttpClientDefaults
{
    public static void AddHttpClientDefaults(this IServiceCollection services)
    {
        services.AddServiceDiscovery();
        services.ConfigureHttpClientDefaults(http =>
        {
            // The factory's loggers write whole addresses, and some partners carry the API key in the path.
            http.RemoveAllLoggers();
            http.AddHttpMessageHandler(static () => new RejectedRequestHandler());
            http.AddStandardResilienceHandler(Configure).SelectPipelineBy(static _ => Authority);
            // The pipeline ends with the response headers; this bounds a body that is buffered. The standard handler
            // removes the limit.
            http.ConfigureHttpClient(static client => client.Timeout = TimeSpan.FromSeconds(100));
            // Inside the retries, so that each attempt may go to another replica.
            http.AddServiceDiscovery();
        });
    }

    /// <summary>
    /// Scheme, host and port. Not SelectPipelineByAuthority: its key, which is logged, includes user and password.
    /// </summary>
    public static string Authority(HttpRequestMessage request) =>
        request.RequestUri is { IsAbsoluteUri: true } uri ? $"{uri.Scheme}://{uri.Authority}" : "";

    private static void Configure(HttpStandardResilienceOptions options)
    {
        options.Retry.Delay = TimeSpan.FromMilliseconds(500);
        options.CircuitBreaker.FailureRatio = 0.5;
        options.CircuitBreaker.MinimumThroughput = 20;

        // 429 means that the server works and asks for fewer requests.
        var isFailure = options.CircuitBreaker.ShouldHandle;
        options.CircuitBreaker.ShouldHandle = attempt =>
            attempt.Outcome.Result?.StatusCode == HttpStatusCode.TooManyRequests
            ? ValueTask.FromResult(false)
            : isFailure(attempt);

        // An unsafe method may have taken effect. A Retry-After beyond the total time-out: the response itself is the
        // better result.
        var isTransient = options.Retry.ShouldHandle;
        options.Retry.ShouldHandle = retry =>
            IsSafe(retry.Context.GetRequestMessage())
                && !(RetryAfter(retry.Outcome.Result) > options.TotalRequestTimeout.Timeout)
                ? isTransient(retry)
                : ValueTask.FromResult(false);
    }

    private static bool IsSafe(HttpRequestMessage? request) =>
        request is not null
            && (request.Method == HttpMethod.Get || request.Method == HttpMethod.Head
                || request.Method == HttpMethod.Options);

    private static TimeSpan? RetryAfter(HttpResponseMessage? response) =>
        response?.Headers.RetryAfter is { } header
            ? header.Delta ?? header.Date - TimeProvider.System.GetUtcNow()
            : null;
}
