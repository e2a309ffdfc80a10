using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Http.Resilience;
using Polly;
using Polly.Timeout;

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

/// <summary>
/// Turns a request that the resilience pipeline rejected (open circuit, time-out, too many at once) into
/// <see cref="HttpRequestException"/>, so that callers handle one kind of failure.
/// </summary>
internal sealed class RejectedRequestHandler : DelegatingHandler
{
    protected override async Task<HttpResponseMessage> SendAsync(
        HttpRequestMessage request, CancellationToken cancellationToken)
    {
        try
        {
            return await base.SendAsync(request, cancellationToken);
        }
        catch (TimeoutRejectedException exception)
        {
            var seconds = exception.Timeout.TotalSeconds;
            var message = $"{HttpClientDefaults.Authority(request)} did not respond within {seconds:0.###} s.";
            throw new HttpRequestException(message, exception);
        }
        catch (ExecutionRejectedException exception)
        {
            throw new HttpRequestException(
                $"{HttpClientDefaults.Authority(request)} is not called: {exception.Message}", exception);
        }
    }
}
