using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Security.Claims;
using System.Text.Json;
using ECommerce.Caching;
using ECommerce.Caching.Diagnostics;
using ECommerce.Caching.Inspection;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace ECommerce.Features.CacheAdministration.Analytics;

internal sealed record InvalidationEvent(DateTime At, IReadOnlyList<string> Tags, bool IsLocal);

internal sealed record CircuitEvent(DateTime At, string Dependency, CircuitState State);

internal sealed record NodeEvent(DateTime At, string Node, bool IsPresent);

/// <summary>
/// What a watcher sees: the figures of all nodes every two seconds, and between them what happens, as this node learns
/// of it. Each node learns of all invalidations; circuits of the others are in the figures.
/// </summary>
internal sealed class EventFeed(
    CacheEvents events, LiveFigures figures, ICacheInspector inspector, ITokenStatus tokens, IOptions<JsonOptions> json,
    IHostApplicationLifetime host, TimeProvider time)
{
    public static readonly TimeSpan Period = TimeSpan.FromSeconds(2);

    public async IAsyncEnumerable<SseItem<byte[]>> ReadAsync(
        CacheScope scope, ClaimsPrincipal user, [EnumeratorCancellation] CancellationToken ct)
    {
        using var subscription = events.Subscribe();
        using var timer = new PeriodicTimer(Period, time);
        HashSet<string>? nodes = null;
        var (tick, ready) = (Task.FromResult(true), Task.FromResult(true));
        while (!host.ApplicationStopping.IsCancellationRequested)
        {
            ct.ThrowIfCancellationRequested();
            if (tick.IsCompleted)
            {
                if (tokens.HasEnded(user))
                {
                    yield return new SseItem<byte[]>("{}"u8.ToArray(), "expired");
                    yield break;
                }
                var now = await figures.GetAsync(scope.Tenant, ct);
                var present = now.Figures.Nodes.Select(node => node.Node.Name).ToHashSet(StringComparer.Ordinal);
                // Without Redis the others are not gone, but unknown.
                if (now.Figures.AreOthersKnown)
                {
                    foreach (var change in Changes(nodes, present))
                        yield return Item("node", change);
                    nodes = present;
                }
                yield return new SseItem<byte[]>(now.Json, "figures");
                tick = timer.WaitForNextTickAsync(ct).AsTask();
            }
            while (subscription.Reader.TryRead(out var one))
            {
                if (Describe(one, scope) is { } item)
                    yield return item;
            }
            if (ready.IsCompleted)
                ready = subscription.Reader.WaitToReadAsync(ct).AsTask();
            await ((Task)Task.WhenAny(tick, ready)).WaitAsync(host.ApplicationStopping)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private IEnumerable<NodeEvent> Changes(HashSet<string>? before, HashSet<string> now)
    {
        if (before is null)
            return [];
        var at = time.GetUtcNow().UtcDateTime;
        return
        [
            .. now.Except(before).Select(node => new NodeEvent(at, node, IsPresent: true)),
            .. before.Except(now).Select(node => new NodeEvent(at, node, IsPresent: false)),
        ];
    }

    private SseItem<byte[]>? Describe(CacheEvent one, CacheScope scope) => one switch
    {
        TagsInvalidated { Tags: var tags } dropped => Visible(tags, scope) is { Length: > 0 } visible
            ? Item("invalidation", new InvalidationEvent(dropped.At.UtcDateTime, visible, dropped.IsLocal))
            : null,
        CircuitChanged circuit => Item(
            "circuit", new CircuitEvent(circuit.At.UtcDateTime, circuit.Dependency, circuit.State)),
        _ => null,
    };

    // Tenant isolation: the tags of others stay out, but what drops everything drops the own entries too.
    private string[] Visible(IReadOnlyList<string> tags, CacheScope scope) =>
        [.. tags.Where(tag => tag == CacheTags.Everything || !scope.IsForeignKey(tag, inspector))];

    private SseItem<byte[]> Item<T>(string name, T data) =>
        new(JsonSerializer.SerializeToUtf8Bytes(data, json.Value.SerializerOptions), name);
}
