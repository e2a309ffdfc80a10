using System.Text;

namespace ECommerce.Caching.Keys;

/// <summary>
/// A pattern as Redis reads it in <c>SCAN … MATCH</c>: <c>*</c> any text, <c>?</c> one character, <c>[abc]</c>,
/// <c>[a-z]</c> and <c>[^a]</c> one of a set,
/// <c>\\</c> before a character that stands for itself. Memory and Redis must agree on what a pattern covers.
/// </summary>
internal sealed class GlobPattern(string text)
{
    public string Text => text;

    /// <summary>Whether a text has characters that mean something else than themselves.</summary>
    public static bool IsOne(string text) => text.AsSpan().IndexOfAny("*?[\\") >= 0;

    /// <summary>
    /// A pattern for Redis that covers what this one does, and maybe more: Redis compares bytes, so one character may
    /// be several there. What it finds is to be matched once more here.
    /// </summary>
    public static string InBytes(string text)
    {
        var pattern = new StringBuilder(text.Length + 8);
        for (var i = 0; i < text.Length; i++)
        {
            switch (text[i])
            {
                case '?':
                    AppendAnyCharacter(pattern);
                    break;
                case '[':
                    var end = EndOfSet(text, i);
                    var set = text.AsSpan(i, end - i);
                    if (Ascii.IsValid(set) && !set.StartsWith("[^"))
                        pattern.Append(set);
                    else
                        AppendAnyCharacter(pattern);
                    i = end - 1;
                    break;
                case '\\' when i + 1 < text.Length:
                    pattern.Append(text, i++, 2);
                    break;
                default:
                    pattern.Append(text[i]);
                    break;
            }
        }
        return pattern.ToString();
    }

    public bool Matches(ReadOnlySpan<char> key) => Matches(text, key);

    /// <summary>
    /// Where a pattern goes on after what stands at a place, which is no star, if that stands for a character; else -1.
    /// </summary>
    public static int After(string pattern, int at, char c)
    {
        var rest = pattern.AsSpan(at);
        return TryStep(ref rest, c) ? pattern.Length - rest.Length : -1;
    }

    // At least one byte. Once for several: each star costs Redis time.
    private static void AppendAnyCharacter(StringBuilder pattern)
    {
        if (pattern.Length < 2 || pattern[^1] != '*' || pattern[^2] != '?')
            pattern.Append("?*");
    }

    private static int EndOfSet(string text, int start)
    {
        var i = start + 1;
        while (i < text.Length && text[i] != ']')
            i += text[i] == '\\' && i + 1 < text.Length ? 2 : 1;
        return Math.Min(i + 1, text.Length);
    }

    private static bool Matches(ReadOnlySpan<char> pattern, ReadOnlySpan<char> key)
    {
        // Where to go on after the last star if what followed it does not fit: one character further. No recursion, so
        // no pattern is slow.
        ReadOnlySpan<char> afterStar = default, starKey = default;
        var star = false;
        while (true)
        {
            if (pattern.Length > 0 && pattern[0] == '*')
            {
                pattern = pattern[1..];
                afterStar = pattern;
                starKey = key;
                star = true;
                continue;
            }
            if (key.IsEmpty && pattern.IsEmpty)
                return true;
            if (!key.IsEmpty && !pattern.IsEmpty && TryStep(ref pattern, key[0]))
            {
                key = key[1..];
                continue;
            }
            if (!star || starKey.IsEmpty)
                return false;
            starKey = starKey[1..];
            pattern = afterStar;
            key = starKey;
        }
    }

    /// <summary>Takes what stands for one character off the pattern, if it stands for this one.</summary>
    private static bool TryStep(ref ReadOnlySpan<char> pattern, char c)
    {
        switch (pattern[0])
        {
            case '?':
                pattern = pattern[1..];
                return true;
            case '[':
                return TrySet(ref pattern, c);
            case '\\' when pattern.Length > 1:
                if (pattern[1] != c)
                    return false;
                pattern = pattern[2..];
                return true;
            default:
                if (pattern[0] != c)
                    return false;
                pattern = pattern[1..];
                return true;
        }
    }

    // As in Redis a set that is not closed ends with the pattern, and a range may be written backwards.
    private static bool TrySet(ref ReadOnlySpan<char> pattern, char c)
    {
        var rest = pattern[1..];
        var negated = rest.Length > 0 && rest[0] == '^';
        if (negated)
            rest = rest[1..];
        var found = false;
        while (rest.Length > 0 && rest[0] != ']')
        {
            if (rest[0] == '\\' && rest.Length > 1)
            {
                found |= rest[1] == c;
                rest = rest[2..];
            }
            else if (rest.Length > 2 && rest[1] == '-')
            {
                var (low, high) = rest[0] <= rest[2] ? (rest[0], rest[2]) : (rest[2], rest[0]);
                found |= c >= low && c <= high;
                rest = rest[3..];
            }
            else
            {
                found |= rest[0] == c;
                rest = rest[1..];
            }
        }
        if (found == negated)
            return false;
        pattern = rest.IsEmpty ? rest : rest[1..];
        return true;
    }
}
