using System.Globalization;

namespace ECommerce.Caching.Coherence;

/// <summary>
/// An invalidation sent between nodes: its sender, its number in the log, the version, and the tags. Never a value.
/// </summary>
internal readonly record struct BackplaneMessage(string Node, string Id, long Index, long Version, string[] Tags)
{
    public static bool TryParse(string? text, out BackplaneMessage message)
    {
        message = default;
        if (text?.Split('\n') is not { Length: >= 5 } lines || lines[0].Length == 0
            || !long.TryParse(lines[2], NumberStyles.None, CultureInfo.InvariantCulture, out var index)
            || !long.TryParse(lines[3], NumberStyles.None, CultureInfo.InvariantCulture, out var version))
        {
            return false;
        }
        message = new BackplaneMessage(lines[0], lines[1], index, version, lines[4..]);
        return true;
    }
}

/// <summary>
/// A node's message to itself: the number of the last message in the log, its own tick when it was sent, and the
/// highest number issued then.
/// </summary>
internal readonly record struct HeartbeatMessage(long Index, long SentAt, long Sequence);
