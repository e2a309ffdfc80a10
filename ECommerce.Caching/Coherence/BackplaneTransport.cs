using System.Globalization;
using ECommerce.Caching.Redis;
using StackExchange.Redis;

namespace ECommerce.Caching.Coherence;

/// <summary>
/// Sends the commands and owns the subscriptions of <see cref="Backplane"/>: what goes over the wire, and not what it
/// means.
/// </summary>
internal sealed class BackplaneTransport(IConnectionMultiplexer redis, TimeSpan timeout)
{
    public const string ChannelName = "cache:backplane";
    public const int LogLength = 512;

    private const string Heartbeat = "heartbeat";
    private const long RegistrationMilliseconds = 3000;
    private static readonly RedisChannel Channel = RedisChannel.Literal(ChannelName);
    private static readonly RedisChannel FillChannel = RedisChannel.Literal(RedisLayer.FillChannel);

    /// <summary>This process among the nodes.</summary>
    public string Node { get; } = Guid.NewGuid().ToString("N")[..12];

    /// <summary>Numbers and publishes a message; the nodes that must acknowledge it.</summary>
    public async Task<string[]> PublishAsync(string id, long version, IEnumerable<string> tags)
    {
        var call = redis.GetDatabase().ScriptEvaluateAsync(
            ClusterScripts.Publish,
            [ClusterScripts.IndexKey, ClusterScripts.LogKey, ClusterScripts.NodesKey],
            [Node, id, version, string.Join('\n', tags), ChannelName, LogLength]);
        return (string[])(await call.WaitAsync(timeout).ConfigureAwait(false))!;
    }

    public void Acknowledge(in BackplaneMessage message) => redis.GetDatabase().Publish(
        AcknowledgementChannel(message.Node), $"{message.Id}\n{Node}", CommandFlags.FireAndForget);

    /// <summary>Registers the node as alive, sends its heartbeat and reports the state of Redis.</summary>
    /// <returns>The highest number issued, the generation, and whether this call raised the generation.</returns>
    public async Task<(long Sequence, long Generation, bool WasRaised)> BeatAsync(
        long sentAt, long highestSeen, bool needsNumber, string run, TimeSpan within)
    {
        var call = redis.GetDatabase().ScriptEvaluateAsync(
            ClusterScripts.Beat,
            [
                ClusterScripts.SequenceKey, ClusterScripts.GenerationKey, ClusterScripts.RunKey,
                    ClusterScripts.NodesKey,
                ClusterScripts.IndexKey,
            ],
            [Node, RegistrationMilliseconds, ChannelName, sentAt, highestSeen, needsNumber ? 1 : 0, run]);
        var result = (string[])(await call.WaitAsync(within).ConfigureAwait(false))!;
        return (Number(result[0]), Number(result[1]), result[3] == "1");
    }

    /// <summary>
    /// Leaves and enters the channels again: the client may believe in a subscription that the server does not know.
    /// </summary>
    public async Task SubscribeAsync(
        Action<string?> receive, Action<string, string> acknowledged, Action<string, bool> fillEnded,
            TimeSpan within)
    {
        var subscriber = redis.GetSubscriber();
        await subscriber.UnsubscribeAsync(Channel).WaitAsync(within).ConfigureAwait(false);
        await subscriber.UnsubscribeAsync(AcknowledgementChannel(Node)).WaitAsync(within).ConfigureAwait(false);
        await subscriber.UnsubscribeAsync(FillChannel).WaitAsync(within).ConfigureAwait(false);
        await subscriber.SubscribeAsync(FillChannel, (_, text) => ReceiveFillEnded(text, fillEnded)).WaitAsync(within)
            .ConfigureAwait(false);
        await subscriber.SubscribeAsync(
            AcknowledgementChannel(Node), (_, text) => ReceiveAcknowledgement(text, acknowledged))
            .WaitAsync(within).ConfigureAwait(false);
        await subscriber.SubscribeAsync(Channel, (_, text) => receive(text)).WaitAsync(within).ConfigureAwait(false);
    }

    private static void ReceiveAcknowledgement(string? text, Action<string, string> acknowledged)
    {
        if (text?.Split('\n') is [var id, var node])
            acknowledged(id, node);
    }

    private static void ReceiveFillEnded(string? text, Action<string, bool> fillEnded)
    {
        if (string.IsNullOrEmpty(text))
            return;
        var (key, withValue) = RedisLayer.ParseEnded(text);
        fillEnded(key, withValue);
    }

    /// <summary>The last messages, oldest first.</summary>
    public async Task<IReadOnlyList<BackplaneMessage>> ReadLogAsync()
    {
        var lines = await redis.GetDatabase().ListRangeAsync(ClusterScripts.LogKey).WaitAsync(timeout)
            .ConfigureAwait(false);
        return [.. lines.Select(line => BackplaneMessage.TryParse(line, out var message) ? message : default)];
    }

    /// <summary>Removes the registration: writers stop waiting for this node.</summary>
    public Task LeaveAsync(CancellationToken cancellationToken) =>
        redis.GetDatabase().SortedSetRemoveAsync(ClusterScripts.NodesKey, Node).WaitAsync(timeout, cancellationToken);

    public static bool TryParseHeartbeat(string? text, out string node, out HeartbeatMessage heartbeat)
    {
        (node, heartbeat) = (string.Empty, default);
        if (text?.Split('\n') is not [var from, Heartbeat, var index, var sentAt, var issued])
            return false;
        (node, heartbeat) = (from, new HeartbeatMessage(Number(index), Number(sentAt), Number(issued)));
        return true;
    }

    public static long Number(string text) => long.Parse(text, CultureInfo.InvariantCulture);

    private static RedisChannel AcknowledgementChannel(string node) =>
        RedisChannel.Literal("cache:acknowledge:" + node);
}
