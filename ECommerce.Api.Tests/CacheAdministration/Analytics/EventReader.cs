using System.Net;
using System.Net.ServerSentEvents;
using System.Text.Json.Nodes;

namespace ECommerce.Api.Tests.CacheAdministration.Analytics;

/// <summary>A client of GET /cache/events.</summary>
internal sealed class EventReader : IAsyncDisposable
{
    public const string Route = "/api/v1/cache/events";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly HttpResponseMessage _response;
    private readonly IAsyncEnumerator<SseItem<string>> _events;

    private EventReader(HttpResponseMessage response, Stream body)
    {
        _response = response;
        _events = SseParser.Create(body).EnumerateAsync(TestContext.Current.CancellationToken).GetAsyncEnumerator();
    }

    /// <summary>The response as soon as its headers are here.</summary>
    public static Task<HttpResponseMessage> TryOpenAsync(HttpClient client, string query = "") => client.SendAsync(
        new HttpRequestMessage(HttpMethod.Get, Route + query), HttpCompletionOption.ResponseHeadersRead,
        TestContext.Current.CancellationToken);

    public static async Task<EventReader> OpenAsync(HttpClient client)
    {
        var response = await TryOpenAsync(client);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("text/event-stream", response.Content.Headers.ContentType?.MediaType);
        return new EventReader(
            response, await response.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken));
    }

    /// <summary>The next event of a kind; null: the stream has ended.</summary>
    public async Task<JsonNode?> NextAsync(string kind)
    {
        while (await _events.MoveNextAsync().AsTask().WaitAsync(Patience, TestContext.Current.CancellationToken))
        {
            if (_events.Current.EventType == kind)
                return JsonNode.Parse(_events.Current.Data);
        }
        return null;
    }

    public async ValueTask DisposeAsync()
    {
        _response.Dispose();
        try
        {
            await _events.DisposeAsync();
        }
        catch (Exception exception) when (exception is IOException or OperationCanceledException)
        {
            // The connection is closed, as it should be.
        }
    }
}
