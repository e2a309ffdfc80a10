using System.Net.ServerSentEvents;
using System.Text.Json.Nodes;

namespace ECommerce.Api.Tests.EndToEnd;

/// <summary>Starts syncs of shop 1 and follows their progress as a client would.</summary>
internal sealed class SyncFollower(HttpClient client)
{
    public async Task<long> StartAsync(string mode)
    {
        using var response = await client.CallAsync(HttpMethod.Post, "/api/v1/shops/1/sync", new { mode });
        Assert.Equal(System.Net.HttpStatusCode.Accepted, response.StatusCode);
        var run = (long)(await response.JsonAsync())["id"]!;
        Assert.Equal($"/api/v1/sync/{run}", response.Headers.Location!.ToString());
        return run;
    }

    /// <summary>All events of a run, to its end.</summary>
    public async Task<IReadOnlyList<JsonNode>> EventsAsync(long run)
    {
        await using var stream = await client.GetStreamAsync(
            $"/api/v1/sync/{run}/events", TestContext.Current.CancellationToken);
        var events = new List<JsonNode>();
        await foreach (var item in SseParser.Create(stream).EnumerateAsync(TestContext.Current.CancellationToken))
            events.Add(JsonNode.Parse(item.Data)!);
        return events;
    }

    public async Task<JsonNode> FinishedAsync(long run)
    {
        var last = (await EventsAsync(run))[^1];
        Assert.True((string?)last["status"] == "succeeded", last.ToJsonString());
        return last;
    }

    public async Task<JsonNode> RunAsync(string mode) => await FinishedAsync(await StartAsync(mode));
}
