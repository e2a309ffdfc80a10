using System.Net;
using ECommerce.Benchmarks.Peers.Probes;
using ECommerce.TestSupport;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.OutputCaching;
using Microsoft.Extensions.DependencyInjection;

namespace ECommerce.Benchmarks.Peers.Output;

/// <summary>Responses that are evicted while they are built, or whose first client disconnects.</summary>
internal static class OutputProbes
{
    private const int Waiting = 4;
    private static readonly TimeSpan Settling = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);

    public static async Task<Verdict> EvictAsync(OutputStore store, string redis)
    {
        var text = "old";
        var gate = new GatedFactory("");
        await using var site = await OutputSite.StartAsync(
            store, redis, Url(), () => text, context => gate.RunAsync(context.RequestAborted));
        using var client = new HttpClient { BaseAddress = new Uri(site.Urls.First()), Timeout = Limit };
        var building = client.GetStringAsync(Page);
        await gate.Entered;
        text = "new";
        var outputCache = site.Services.GetRequiredService<IOutputCacheStore>();
        await outputCache.EvictByTagAsync(OutputSite.TagOf("1"), CancellationToken.None);
        gate.Open();
        await building;
        await Task.Delay(Settling);
        var next = await client.GetStringAsync(Page);
        var isNew = next.Contains("new", StringComparison.Ordinal);
        return Verdict.From(isNew, isNew ? "the next response is new" : "the old response is cached");
    }

    /// <summary>The first client disconnects; its endpoint stops by the request's token.</summary>
    public static Task<Verdict> AbortAsync(OutputStore store, string redis) =>
        AbortAsync(store, redis, context => context.RequestAborted);

    /// <summary>The first client disconnects; its endpoint goes on without regard to that.</summary>
    public static Task<Verdict> AbortUnseenAsync(OutputStore store, string redis) =>
        AbortAsync(store, redis, _ => CancellationToken.None);

    private static async Task<Verdict> AbortAsync(
        OutputStore store, string redis, Func<HttpContext, CancellationToken> token)
    {
        var gate = new GatedFactory("");
        await using var site = await OutputSite.StartAsync(
            store, redis, Url(), () => "text", context => gate.RunAsync(token(context)));
        using var client = new HttpClient { BaseAddress = new Uri(site.Urls.First()), Timeout = Limit };
        using var leave = new CancellationTokenSource();
        var first = client.GetAsync(Page, leave.Token);
        await gate.Entered;
        var others = Enumerable.Range(0, Waiting).Select(_ => client.GetAsync(Page)).ToArray();
        await Task.Delay(Settling);
        await leave.CancelAsync();
        await ((Task)first).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await Task.Delay(Settling);
        gate.Open();
        var seen = new List<string>();
        foreach (var other in others)
        {
            using var response = await other;
            var body = await response.Content.ReadAsStringAsync();
            seen.Add($"{(int)response.StatusCode}{(body == "" ? " and empty" : "")}");
        }
        var isRight = seen.TrueForAll(status => status == $"{(int)HttpStatusCode.OK}");
        return Verdict.From(isRight, $"the others get {string.Join(", ", seen.Distinct())}");
    }

    private static Uri Page { get; } = new(OutputSite.PathOf(1), UriKind.Relative);

    private static string Url() => $"http://127.0.0.1:{ChildProcess.FreePort()}";
}
