using System.Xml;

namespace ECommerce.Features.Invoices.Receiving;

/// <summary>
/// What XML of others may consist of. A tree of deep elements ends the process when it is read, names stay in memory
/// for as long as the process lives, and each element costs many times its bytes: so they are counted before a tree is
/// made.
/// </summary>
internal static class XmlLimits
{
    // An invoice has 8 levels; a signature in it some more.
    private const int MaxDepth = 64;

    // About 250 names exist; those of signatures, and namespaces, come to them.
    private const int MaxNames = 1000;
    private const int MaxAttributes = 64;

    // A parser compares the attributes of an element with each other before it shows them.
    private const int MaxTag = 16_384;

    // Of 5 MB: an element of an invoice has about 40 bytes.
    private const int MaxElements = 300_000;

    /// <summary>Why no tree is made of the XML; null: it is within the limits.</summary>
    /// <exception cref="XmlException">The XML is not well-formed.</exception>
    public static string? Exceeded(string text, XmlReaderSettings settings)
    {
        if (HasLongTag(text))
            return $"A tag has over {MaxTag} characters.";
        var names = new HashSet<string>(StringComparer.Ordinal);
        var elements = 0;
        using var reader = XmlReader.Create(new StringReader(text), settings);
        while (reader.Read())
        {
            if (reader.NodeType != XmlNodeType.Element)
                continue;
            if (reader.Depth > MaxDepth)
                return $"Elements are nested over {MaxDepth} levels.";
            if (reader.AttributeCount > MaxAttributes)
                return $"An element has over {MaxAttributes} attributes.";
            if (++elements > MaxElements)
                return $"There are over {MaxElements} elements.";
            names.Add(reader.Name);
            names.Add(reader.NamespaceURI);
            while (reader.MoveToNextAttribute())
                names.Add(reader.Name);
            if (names.Count > MaxNames)
                return $"There are over {MaxNames} names.";
        }
        return null;
    }

    // Comments and CDATA may be as long as the file: an attachment may be written so.
    private static bool HasLongTag(ReadOnlySpan<char> text)
    {
        while (text.IndexOf('<') is var start and >= 0)
        {
            text = text[(start + 1)..];
            var isTag = text is [not '!' and not '?', ..];
            if (isTag && text.Length > MaxTag && text[..MaxTag].IndexOfAny('<', '>') < 0)
                return true;
        }
        return false;
    }
}
