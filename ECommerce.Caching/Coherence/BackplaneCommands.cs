using System.Collections.Concurrent;

namespace ECommerce.Caching.Coherence;

/// <summary>
/// Commands that a message carries besides tags: a name and an argument. No tag begins with the mark, because tags have
/// no control characters.
/// </summary>
internal sealed class BackplaneCommands
{
    private const char Mark = '\u0001';

    private readonly ConcurrentDictionary<string, Action<string, long>> _handlers = new(StringComparer.Ordinal);

    public static string Write(string name, string argument) => $"{Mark}{name}:{argument}";

    /// <summary>
    /// Registers the handler of a command; it receives the argument and the number of the message, before the node
    /// acknowledges it.
    /// </summary>
    public void On(string name, Action<string, long> apply) => _handlers[name] = apply;

    /// <summary>Whether a text is no command.</summary>
    public static bool IsTag(string text) => text.Length > 0 && text[0] != Mark;

    /// <summary>False if the text is a tag. An unknown command, of a newer node, is ignored.</summary>
    public bool TryApply(string text, long version)
    {
        if (text.Length == 0 || text[0] != Mark)
            return false;
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        if (colon > 0 && _handlers.TryGetValue(text[1..colon], out var apply))
            apply(text[(colon + 1)..], version);
        return true;
    }
}
