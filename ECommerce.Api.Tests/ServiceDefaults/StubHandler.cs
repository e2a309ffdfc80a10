using System.Collections.Concurrent;
using System.Net;

namespace ECommerce.Api.Tests.ServiceDefaults;

/// <summary>The network of a test: responds by script and records what was sent.</summary>
internal sealed class StubHandler(
    Func<int, HttpRequestMessage, CancellationToken, Task<HttpResponseMessage>> respond) : HttpMessageHandler
{
    private readonly ConcurrentQueue<Uri> _sent = new();

    public StubHandler(Func<int, HttpStatusCode> status)
        : this((call, _, _) => Task.FromResult(new HttpResponseMessage(status(call))))
    {
    }

    public IReadOnlyList<Uri> Sent => [.. _sent];

    protected override Task<HttpResponseMessage> SendAsync(
        HttpRequestMessage request, CancellationToken cancellationToken)
    {
        _sent.Enqueue(request.RequestUri!);
        return respond(_sent.Count, request, cancellationToken);
    }
}
