using System.Text.Json;

namespace ECommerce.Caching.Policies;

/// <summary>Why a factory had to run.</summary>
internal enum MissCause
{
    /// <summary>No layer had an entry: it was never stored, or was evicted or removed.</summary>
    NotCached,

    /// <summary>The lifetimes of the entry were over.</summary>
    Expired,

    /// <summary>A tag of the entry was invalidated.</summary>
    Invalidated,

    /// <summary>The entry was stale, and was refreshed behind its readers.</summary>
    Refreshed,

    /// <summary>Redis could not be read, or this node may not serve what it has without it.</summary>
    RedisUnavailable,

    /// <summary>
    /// The entry in Redis could not be read: other bytes, another type, or without a tag that its policy has now.
    /// </summary>
    Unreadable,
}

internal static class MissCauseNames
{
    private static readonly string[] Names =
        [.. Enum.GetNames<MissCause>().Select(JsonNamingPolicy.SnakeCaseLower.ConvertName)];

    /// <summary>As statistics name it: <c>not_cached</c>.</summary>
    public static string Name(this MissCause cause) => Names[(int)cause];
}
