namespace ECommerce.ServiceDefaults.Discovery;

internal sealed class ServiceDiscoveryHandler(ServiceEndpoints endpoints) : DelegatingHandler
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var logical = request.RequestUri;
        if (logical is not { IsAbsoluteUri: true }) return await base.SendAsync(request, cancellationToken);

        request.RequestUri = endpoints.Resolve(logical);
        try
        {
            return await base.SendAsync(request, cancellationToken);
        }
        finally
        {
            // A retry resolves the name again.
            request.RequestUri = logical;
        }
    }
}
