using System.Collections.Concurrent;

namespace ECommerce.Caching.Coherence;

/// <summary>
/// What a message between nodes may say besides tags: a word and what it is about. No tag begins like this, because tags have no control characters.
/// </summary>
internal sealed class BackplaneCommands
{
    private const char Mark = '\u0001';

    private readonly ConcurrentDictionary<string, Action<string, long>> _handlers = new(StringComparer.Ordinal);

    public static string Write(string word, string about) => $"{Mark}{word}:{about}";

    /// <summary>Says what a word does here; it is given what the word is about and the number of the message, before the node acknowledges it.</summary>
    public void On(string word, Action<string, long> apply) => _handlers[word] = apply;

    /// <summary>False if the text is a tag. A word of a newer node that this one does not know is passed over.</summary>
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
