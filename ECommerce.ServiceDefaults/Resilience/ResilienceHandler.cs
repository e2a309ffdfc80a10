using Polly.CircuitBreaker;
using Polly.Timeout;

namespace ECommerce.ServiceDefaults.Resilience;

/// <summary>Runs the request in the pipeline of its client and host; whatever gives up ends as <see cref="HttpRequestException"/>.</summary>
internal sealed class ResilienceHandler(ResiliencePipelines pipelines) : DelegatingHandler
{
    /// <summary>The client whose options count; the default ones if it never called <c>ConfigureResilience</c>.</summary>
    public string ClientName { get; set; } = "";

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        // Authority has no user and password, which GetLeftPart would keep.
        var host = request.RequestUri is { IsAbsoluteUri: true } uri ? $"{uri.Scheme}://{uri.Authority}" : "";
        var pipeline = pipelines.For(ClientName, host, Transient.IsSafe(request.Method));
        try
        {
            return await pipeline.ExecuteAsync(
                static async (state, token) => await state.Handler.SendOnceAsync(state.Request, token),
                (Handler: this, Request: request),
                cancellationToken);
        }
        catch (BrokenCircuitException exception)
        {
            throw new HttpRequestException($"{host} failed too often and is left alone for a while.", exception);
        }
        catch (TimeoutRejectedException exception)
        {
            throw new HttpRequestException($"{host} did not answer within {exception.Timeout.TotalSeconds:0.###} s.", exception);
        }
    }

    private Task<HttpResponseMessage> SendOnceAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
        base.SendAsync(request, cancellationToken);
}
