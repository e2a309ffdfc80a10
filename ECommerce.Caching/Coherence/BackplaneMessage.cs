using System.Globalization;

namespace ECommerce.Caching.Coherence;

/// <summary>
/// An invalidation sent between nodes: its sender, its number in the log, the version, and the tags, a line each. Never
/// a value.
/// </summary>
/// <remarks>
/// The first character of the id of a message tells whether it announces an invalidation or completes an announced one.
/// Nodes of earlier versions take both for plain ones. That an announcement is in force is acknowledged by an id of its
/// own, which those nodes do not send.
/// </remarks>
internal readonly record struct BackplaneMessage(string Node, string Id, long Index, long Version, string Text)
{
    private const char Announces = 'a';
    private const char Completes = 'c';
    private const char Ending = 'e';
    private const char InForce = 'f';

    /// <summary>The tags, made anew by each call: a node does not need those of its own messages.</summary>
    public string[] ParseTags() => Text.Split('\n');

    /// <summary>The announcement that the message begins; null: none.</summary>
    public string? Begins => Id.StartsWith(Announces) ? Id[1..] : null;

    /// <summary>The announcement that it ends; null: none.</summary>
    public string? Ends => Id.StartsWith(Completes) || Id.StartsWith(Ending) ? Id[1..] : null;

    /// <summary>The id that its sender waits for; null: it does not wait.</summary>
    public string? AcknowledgedAs =>
        Begins is { } announcement ? InForceId(announcement) : Id.StartsWith(Ending) ? null : Id;

    /// <summary>The id of the message that announces.</summary>
    public static string AnnouncingId(string announcement) => Announces + announcement;

    /// <summary>The id of the message that completes an announcement which some node may not have.</summary>
    public static string CompletingId(string announcement) => Completes + announcement;

    /// <summary>The same for one that is in force on every node, so that the sender waits for none.</summary>
    public static string EndingId(string announcement) => Ending + announcement;

    /// <summary>The id by which a node acknowledges that an announcement is in force there.</summary>
    public static string InForceId(string announcement) => InForce + announcement;

    public static bool TryParse(string? text, out BackplaneMessage message)
    {
        message = default;
        if (text?.Split('\n', 5) is not { Length: 5 } lines || lines[0].Length == 0
            || !long.TryParse(lines[2], NumberStyles.None, CultureInfo.InvariantCulture, out var index)
            || !long.TryParse(lines[3], NumberStyles.None, CultureInfo.InvariantCulture, out var version))
        {
            return false;
        }
        message = new BackplaneMessage(lines[0], lines[1], index, version, lines[4]);
        return true;
    }
}

/// <summary>
/// A node's message to itself: the number of the last message in the log, its own tick when it was sent, and the
/// highest number issued then; and the announcements under way that a node has to know which was not registered, each
/// as its writer wrote it.
/// </summary>
internal readonly record struct HeartbeatMessage(long Index, long SentAt, long Sequence, string[] Announced);
