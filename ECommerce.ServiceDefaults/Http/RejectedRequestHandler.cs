using Polly;
using Polly.Timeout;

namespace ECommerce.ServiceDefaults.Http;

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
