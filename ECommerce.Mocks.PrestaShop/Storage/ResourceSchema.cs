using System.Collections.Frozen;

namespace ECommerce.Mocks.PrestaShop.Storage;

/// <summary>How MySQL compares a column with the text of a filter.</summary>
internal enum FieldType
{
    Text,
    Number,
    Date,
}

/// <summary>
/// A field of a resource. Localized ones have a value per language; computed ones can be read but not filtered.
/// </summary>
internal sealed record Field(string Name, FieldType Type, bool Localized = false, bool Computed = false);

/// <summary>A list inside a resource; an item's element is called <paramref name="Item"/> in XML.</summary>
internal sealed record Association(string Name, string Item, IReadOnlyList<string> Fields);

internal sealed class ResourceSchema(
    string name, string item, IReadOnlyList<Field> fields, IReadOnlyList<Association> associations,
    string? listName = null)
{
    private readonly FrozenDictionary<string, int> _index =
        fields.Select((field, i) => (field.Name, i)).ToFrozenDictionary(pair => pair.Name, pair => pair.i);

    public string Name => name;

    public string Item => item;

    /// <summary>What a list of it is called, which is another name for one resource.</summary>
    public string ListName => listName ?? name;

    public IReadOnlyList<Field> Fields => fields;

    public IReadOnlyList<Association> Associations => associations;

    public int IndexOf(string field) => _index.GetValueOrDefault(field, -1);

    public int IndexOfAssociation(string association)
    {
        for (var i = 0; i < associations.Count; i++)
        {
            if (associations[i].Name == association)
                return i;
        }

        return -1;
    }

    /// <summary>
    /// Reads "id name* price# date_upd@ total! rows:row(id,quantity)": * localized, # number, @ date, ! computed, a
    /// colon an association, whose fields may go on in the next line. Names that begin with id or date_ need no mark.
    /// </summary>
    public static ResourceSchema Parse(string name, string item, string text, string? listName = null)
    {
        var words = text.Replace(",\n", ",", StringComparison.Ordinal)
            .Split([' ', '\n'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        return new(
            name,
            item,
            [.. words.Where(word => !word.Contains(':')).Select(ParseField)],
            [.. words.Where(word => word.Contains(':')).Select(ParseAssociation)],
            listName);
    }

    private static Field ParseField(string word)
    {
        var name = word.TrimEnd('*', '#', '@', '!');
        var type = word.Contains('#') || name == "id"
            || name.StartsWith("id_", StringComparison.Ordinal) ? FieldType.Number
            : word.Contains('@') || name.StartsWith("date_", StringComparison.Ordinal) ? FieldType.Date
            : FieldType.Text;
        return new(name, type, Localized: word.Contains('*'), Computed: word.Contains('!'));
    }

    private static Association ParseAssociation(string word)
    {
        var parts = word.TrimEnd(')').Split(':', '(');
        return new(parts[0], parts[1], parts[2].Split(','));
    }
}
