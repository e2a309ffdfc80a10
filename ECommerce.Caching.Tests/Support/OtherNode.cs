using ECommerce.Caching.Coherence;
using ECommerce.Caching.Redis;
using StackExchange.Redis;

namespace ECommerce.Caching.Tests.Support;

/// <summary>
/// Messages as another node sends them, by its script: numbered, logged and published at once, so that no heartbeat
/// comes in between.
/// </summary>
internal static class OtherNode
{
    public static Task PublishAsync(
        IDatabase db, string content, long number, string node, string id) =>
        SendAsync(db, node, id, number, content, RedisNames.Default.Backplane);

    /// <summary>A message that no node receives: only the log has it.</summary>
    public static Task PublishInVainAsync(IDatabase db, string content, long number) =>
        SendAsync(db, "other", "1", number, content, RedisChannel.Literal("a channel without subscribers"));

    private static Task<RedisResult> SendAsync(
        IDatabase db, string node, string id, long number, string content, RedisChannel channel) =>
        db.ScriptEvaluateAsync(
            ClusterScripts.Publish,
            [RedisNames.Default.Index, RedisNames.Default.Log, RedisNames.Default.Nodes],
            [node, id, number, content, RedisNames.Default.InScript(channel), BackplaneTransport.LogLength]);
}
