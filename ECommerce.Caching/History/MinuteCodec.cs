using System.Text.Json;
using ECommerce.Caching.Inspection;

namespace ECommerce.Caching.History;

/// <summary>
/// A minute as text: JSON arrays without names, some hundred bytes. Times are in microseconds. What another version of
/// this program wrote reads as null.
/// </summary>
internal static class MinuteCodec
{
    private const int Version = 1;
    private const double Micro = 1e6;

    public static string Write(CacheMinute minute) => JsonSerializer.Serialize<object[]>(
    [
        Version, minute.At.ToUnixTimeSeconds(), minute.Node, minute.Number, (int)minute.Circuit,
        minute.Evictions, minute.RedisErrors,
        Write(minute.Invalidations), minute.Policies.Select(Write),
    ]);

    public static CacheMinute? Read(string text)
    {
        try
        {
            using var document = JsonDocument.Parse(text);
            var all = document.RootElement;
            if (all[0].GetInt32() != Version)
                return null;
            var counts = all[7];
            return new CacheMinute(
                DateTimeOffset.FromUnixTimeSeconds(all[1].GetInt64()), all[2].GetString()!, all[3].GetInt64(),
                [.. all[8].EnumerateArray().Select(ReadPolicy)],
                new InvalidationStatistics(Number(counts, 0), Number(counts, 1), Number(counts, 2), Time(counts, 3)),
                all[5].GetInt64(), all[6].GetInt64(), (CircuitState)all[4].GetInt32());
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException or FormatException
            or IndexOutOfRangeException or ArgumentOutOfRangeException)
        {
            return null;
        }
    }

    private static object[] Write(InvalidationStatistics counts) =>
        [counts.Tags, counts.Deferred, counts.Timed, Time(counts.Seconds)];

    private static object[] Write(PolicyStatistics policy) =>
    [
        policy.Pattern, policy.Entries, policy.Bytes,
        policy.Layers.Where(static layer => layer.Hits > 0 || layer.Misses > 0 || layer.Timed > 0).Select(
            static layer => (object[])[layer.Layer, layer.Hits, layer.Misses, layer.Timed, Time(layer.Seconds)]),
        policy.Fills == FillStatistics.None ? [] : Write(policy.Fills),
    ];

    private static object[] Write(FillStatistics fills) =>
    [
        fills.Succeeded, fills.Failed, fills.Cancelled, Time(fills.Seconds), fills.Joined, fills.JoinedCluster,
        fills.StaleServed, fills.Causes.NotCached, fills.Causes.Expired, fills.Causes.Invalidated,
        fills.Causes.Refreshed, fills.Causes.RedisUnavailable, fills.Causes.Unreadable,
    ];

    private static PolicyStatistics ReadPolicy(JsonElement policy)
    {
        var fills = policy[4];
        return new PolicyStatistics(
            policy[0].GetString()!, IsOn: true, policy[1].GetInt32(), policy[2].GetInt64(), HitRate: null,
            [.. policy[3].EnumerateArray().Select(ReadLayer)])
        {
            Fills = fills.GetArrayLength() == 0 ? FillStatistics.None : new FillStatistics(
                Number(fills, 0), Number(fills, 1), Number(fills, 2), Time(fills, 3), Number(fills, 4),
                Number(fills, 5), Number(fills, 6),
                new MissCauses(
                    Number(fills, 7), Number(fills, 8), Number(fills, 9), Number(fills, 10), Number(fills, 11),
                    Number(fills, 12))),
        };
    }

    private static LayerStatistics ReadLayer(JsonElement layer) => new(
        layer[0].GetString()!, Number(layer, 1), Number(layer, 2))
    {
        Timed = Number(layer, 3),
        Seconds = Time(layer, 4),
    };

    private static long Number(JsonElement array, int index) => array[index].GetInt64();

    private static long Time(double seconds) => (long)Math.Round(seconds * Micro);

    private static double Time(JsonElement array, int index) => array[index].GetInt64() / Micro;
}
