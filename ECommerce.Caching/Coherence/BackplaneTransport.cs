using System.Globalization;
using ECommerce.Caching.Redis;
using StackExchange.Redis;

namespace ECommerce.Caching.Coherence;

/// <summary>
/// Sends the commands and owns the subscriptions of <see cref="Backplane"/>: what goes over the wire, and not what it
/// means.
/// </summary>
internal sealed class BackplaneTransport(IConnectionMultiplexer redis, RedisNames names, TimeSpan timeout)
{
    public const int LogLength = 512;

    private const string Heartbeat = "heartbeat";
    private const long RegistrationMilliseconds = 3000;

    /// <summary>This process among the nodes.</summary>
    public string Node { get; } = ClusterScripts.NodeMark + Guid.NewGuid().ToString("N")[..12];

    /// <summary>Numbers and publishes a message; the nodes that must acknowledge it.</summary>
    public async Task<string[]> PublishAsync(string id, long version, IEnumerable<string> tags)
    {
        var call = redis.GetDatabase().ScriptEvaluateAsync(
            ClusterScripts.Publish,
            [names.Index, names.Log, names.Nodes],
            [Node, id, version, string.Join('\n', tags), names.InScript(names.Backplane), LogLength]);
        return (string[])(await call.WaitAsync(timeout).ConfigureAwait(false))!;
    }

    public void Acknowledge(string sender, string id) => redis.GetDatabase().Publish(
        names.Node(sender), $"{id}\n{Node}", CommandFlags.FireAndForget);

    /// <summary>Acknowledges a question with its answer, one line.</summary>
    public void Answer(string sender, string id, string answer) => redis.GetDatabase().Publish(
        names.Node(sender), $"{id}\n{Node}\n{answer}", CommandFlags.FireAndForget);

    /// <summary>
    /// Proves that Redis would accept an invalidation, registers the node as alive, sends its heartbeat and reports the
    /// state of Redis.
    /// </summary>
    public async Task<HeartbeatResult> BeatAsync(
        long sentAt, NodeState state, bool needsNumber, string run, TimeSpan within)
    {
        var call = redis.GetDatabase().ScriptEvaluateAsync(
            ClusterScripts.Beat,
            [
                names.Sequence, names.Generation, names.Run, names.Nodes, names.Index, names.Log, names.Time,
                names.Probe, names.Announced, names.Floor,
            ],
            [
                Node, RegistrationMilliseconds, names.InScript(names.Node(Node)), sentAt, state.HighestSeen,
                needsNumber ? 1 : 0, run, LogLength, state.LastApplied, state.HasLostLease ? 1 : 0,
            ]);
        var result = (string[])(await call.WaitAsync(within).ConfigureAwait(false))!;
        return new HeartbeatResult(Number(result[0]), Number(result[1]), Number(result[4]), result[3] == "1");
    }

    /// <summary>
    /// Leaves and enters the channels again: the client may believe in a subscription that the server does not know.
    /// </summary>
    public async Task SubscribeAsync(
        Action<string?> receive, Action<string, string, string?> acknowledged, Action<string, bool> fillEnded,
            TimeSpan within)
    {
        var subscriber = redis.GetSubscriber();
        await subscriber.UnsubscribeAsync(names.Backplane).WaitAsync(within).ConfigureAwait(false);
        await subscriber.UnsubscribeAsync(names.Node(Node)).WaitAsync(within).ConfigureAwait(false);
        await subscriber.UnsubscribeAsync(names.Fills).WaitAsync(within).ConfigureAwait(false);
        await subscriber.SubscribeAsync(names.Fills, (_, text) => ReceiveFillEnded(text, fillEnded)).WaitAsync(within)
            .ConfigureAwait(false);
        await subscriber.SubscribeAsync(
            names.Node(Node), (_, text) => ReceiveOwn(text, receive, acknowledged))
            .WaitAsync(within).ConfigureAwait(false);
        await subscriber.SubscribeAsync(names.Backplane, (_, text) => receive(text)).WaitAsync(within)
            .ConfigureAwait(false);
    }

    /// <summary>Enters the channel on which acknowledgements and answers come, and no other.</summary>
    public Task ListenAsync(Action<string, string, string?> acknowledged, TimeSpan within) =>
        redis.GetSubscriber().SubscribeAsync(
            names.Node(Node), (_, text) => ReceiveOwn(text, static _ => { }, acknowledged)).WaitAsync(within);

    /// <summary>Whether any node is registered.</summary>
    public async Task<bool> AnyNodeAsync() =>
        await redis.GetDatabase().SortedSetLengthAsync(names.Nodes).WaitAsync(timeout).ConfigureAwait(false) > 0;

    private static void ReceiveOwn(
        string? text, Action<string?> receive, Action<string, string, string?> acknowledged)
    {
        switch (text?.Split('\n'))
        {
            case [var id, var node]:
                acknowledged(id, node, null);
                break;
            case [var id, var node, var answer]:
                acknowledged(id, node, answer);
                break;
            default:
                receive(text);
                break;
        }
    }

    private static void ReceiveFillEnded(string? text, Action<string, bool> fillEnded)
    {
        if (string.IsNullOrEmpty(text))
            return;
        var (key, withValue) = RedisLayer.ParseEnded(text);
        fillEnded(key, withValue);
    }

    /// <summary>The last messages, oldest first; without what is none.</summary>
    public async Task<IReadOnlyList<BackplaneMessage>> ReadLogAsync()
    {
        var lines = await redis.GetDatabase().ListRangeAsync(names.Log).WaitAsync(timeout)
            .ConfigureAwait(false);
        return [.. lines.Select(static line => BackplaneMessage.TryParse(line, out var message)
            ? message : (BackplaneMessage?)null).OfType<BackplaneMessage>()];
    }

    /// <summary>Removes the registration: writers stop waiting for this node.</summary>
    public Task LeaveAsync(CancellationToken cancellationToken) =>
        redis.GetDatabase().SortedSetRemoveAsync(names.Nodes, Node).WaitAsync(timeout, cancellationToken);

    public static bool TryParseHeartbeat(string? text, out string node, out HeartbeatMessage heartbeat)
    {
        (node, heartbeat) = (string.Empty, default);
        // A message may have many tags: it is not split to find out that it is none.
        var end = text?.IndexOf('\n', StringComparison.Ordinal) ?? -1;
        if (end < 0 || !text.AsSpan(end + 1).StartsWith(Heartbeat, StringComparison.Ordinal)
            || text!.Split('\n') is not [var from, Heartbeat, var first, var second, var third, .. var announced]
            || !TryParse(first, out var index) || !TryParse(second, out var sentAt) || !TryParse(third, out var issued))
        {
            return false;
        }
        (node, heartbeat) = (from, new HeartbeatMessage(index, sentAt, issued, announced));
        return true;
    }

    /// <summary>A number in the result of a script.</summary>
    /// <exception cref="InvalidDataException">It is none: Redis is treated as failed.</exception>
    public static long Number(string text) =>
        TryParse(text, out var number) ? number : throw new InvalidDataException($"'{text}' is not a number.");

    private static bool TryParse(string text, out long number) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);
}

/// <summary>What a node knows of Redis: a Redis that knows less has forgotten it.</summary>
/// <param name="HighestSeen">The highest number that Redis has issued.</param>
/// <param name="LastApplied">The number of the last message up to which all are applied.</param>
/// <param name="HasLostLease">Whether the node had a lease that has ended.</param>
internal readonly record struct NodeState(long HighestSeen, long LastApplied, bool HasLostLease);

/// <summary>What a heartbeat's script returned.</summary>
/// <param name="Sequence">The highest number issued.</param>
/// <param name="Generation">The version of everything.</param>
/// <param name="Limit">The highest number that is believed.</param>
/// <param name="WasRaised">Whether this call raised the generation.</param>
internal readonly record struct HeartbeatResult(long Sequence, long Generation, long Limit, bool WasRaised);
