using ECommerce.Caching.Keys;

namespace ECommerce.Caching.Policies;

/// <summary>
/// Tags that a policy declares to be invalidated together: an entry that carries a tag of each part carries one more,
/// which stands for all of them, so that invalidating it costs what invalidating one tag does.
/// </summary>
internal sealed class TagCombination
{
    public const int MaxParts = 4;
    public const int MaxPerPolicy = 8;

    private readonly string[] _parts;

    private TagCombination(string[] parts) => _parts = parts;

    /// <summary>Reads what a policy declares.</summary>
    /// <exception cref="ArgumentException">There are too many, or one has too few or too many parts, or a part that no
    /// tag can match; the message names the policy.</exception>
    public static TagCombination[] Parse(string policy, IReadOnlyList<IReadOnlyList<string>> declared)
    {
        ArgumentNullException.ThrowIfNull(declared);
        if (declared.Count > MaxPerPolicy)
        {
            throw new ArgumentException(
                $"Cache policy '{policy}': at most {MaxPerPolicy} combinations of tags, not {declared.Count}.",
                nameof(declared));
        }
        return [.. declared.Select(parts => ParseOne(policy, parts))];
    }

    /// <summary>Whether tags are one of each part, in whatever order.</summary>
    public bool IsOf(IReadOnlyCollection<string> tags) =>
        tags.Count == _parts.Length && Choices(_parts, tags).Any();

    /// <summary>
    /// The tags that stand for the combinations among an entry's tags. Parameters that the key's pattern has are those
    /// of the key; any other stands for any one segment.
    /// </summary>
    public IEnumerable<string> TagsFor(KeyPattern keys, string key, IReadOnlyCollection<string> carried) =>
        Choices(Array.ConvertAll(_parts, part => keys.FillKnown(part, key)), carried).Select(CacheTags.AllOf);

    public override string ToString() => string.Join(" + ", _parts);

    private static TagCombination ParseOne(string policy, IReadOnlyList<string> parts)
    {
        if (parts.Count is < 2 or > MaxParts || parts.Distinct(StringComparer.Ordinal).Count() < parts.Count)
        {
            throw new ArgumentException(
                $"Cache policy '{policy}': a combination has two to {MaxParts} different tags, not "
                + $"'{string.Join(" + ", parts)}'.", nameof(parts));
        }
        foreach (var part in parts)
        {
            try
            {
                _ = CacheTags.CheckedForEntry(part);
            }
            catch (ArgumentException exception)
            {
                throw new ArgumentException(
                    $"Cache policy '{policy}': '{part}' is no tag that can be combined.", nameof(parts), exception);
            }
        }
        return new TagCombination([.. parts]);
    }

    // Different tags for all parts, one after the other.
    private static IEnumerable<string[]> Choices(string[] parts, IReadOnlyCollection<string> tags, int from = 0)
    {
        if (from == parts.Length)
        {
            yield return [];
            yield break;
        }
        foreach (var tag in tags)
        {
            if (!KeyPattern.TemplateMatches(parts[from], tag))
                continue;
            foreach (var rest in Choices(parts, tags, from + 1))
            {
                if (!rest.Contains(tag))
                    yield return [tag, .. rest];
            }
        }
    }
}
