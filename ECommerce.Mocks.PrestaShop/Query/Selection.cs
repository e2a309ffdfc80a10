using ECommerce.Mocks.PrestaShop.Storage;
using ECommerce.Mocks.PrestaShop.Webservice;

namespace ECommerce.Mocks.PrestaShop.Query;

/// <summary>An association to show, with the positions of the parts to show of each item.</summary>
internal readonly record struct SelectedAssociation(int Index, IReadOnlyList<int> Parts);

/// <summary>
/// What <c>display</c> asks for. Fields come in the order of the schema, whatever the order asked for.
/// </summary>
internal sealed record Selection(IReadOnlyList<int> Fields, IReadOnlyList<SelectedAssociation> Associations)
{
    public bool IsFull { get; private init; }

    public static Selection Full(ResourceSchema schema) => new(
        [.. Enumerable.Range(0, schema.Fields.Count)],
        [.. schema.Associations.Select(
            (association, i) => new SelectedAssociation(i, [.. Enumerable.Range(0, association.Fields.Count)]))])
    {
        IsFull = true,
    };

    public static Selection Parse(ResourceSchema schema, string display)
    {
        if (display == "full")
            return Full(schema);
        if (display is not ['[', .., ']'])
        {
            throw new WebserviceException(
                400, 36, "The 'display' syntax is wrong. You can set 'full' or '[field_1,field_2,field_3,...]'. "
                + $"These are available: {Names(schema)}");
        }

        var fields = new SortedSet<int>();
        var associations = new SortedDictionary<int, SortedSet<int>>();
        foreach (var (name, parts) in Split(display[1..^1]))
        {
            if (parts is null)
            {
                var index = schema.IndexOf(name);
                // An association without its inner brackets is asked for as a field, which it is not.
                if (index < 0)
                    throw Unknown(schema, name);
                fields.Add(index);
                continue;
            }

            var association = schema.IndexOfAssociation(name);
            if (association < 0)
                throw Unknown(schema, name);
            if (!associations.TryGetValue(association, out var selected))
                associations[association] = selected = [];
            foreach (var part in parts)
            {
                var index = IndexOf(schema.Associations[association].Fields, part);
                if (index < 0)
                    throw Unknown(schema, name);
                selected.Add(index);
            }
        }

        return new([.. fields], [.. associations.Select(pair => new SelectedAssociation(pair.Key, [.. pair.Value]))]);
    }

    private static IEnumerable<(string Name, string[]? Parts)> Split(string text)
    {
        var (depth, start) = (0, 0);
        for (var i = 0; i <= text.Length; i++)
        {
            if (i == text.Length || (text[i] == ',' && depth == 0))
            {
                if (i > start)
                    yield return Part(text[start..i]);
                start = i + 1;
            }
            else
            {
                depth += text[i] switch { '[' => 1, ']' => -1, _ => 0 };
            }
        }
    }

    private static (string Name, string[]? Parts) Part(string text)
    {
        var bracket = text.IndexOf('[');
        return bracket < 0
            ? (text.Trim(), null)
            : (text[..bracket].Trim(), text[(bracket + 1)..].TrimEnd(']').Split(','));
    }

    private static int IndexOf(IReadOnlyList<string> names, string name)
    {
        for (var i = 0; i < names.Count; i++)
        {
            if (names[i] == name)
                return i;
        }

        return -1;
    }

    private static WebserviceException Unknown(ResourceSchema schema, string name) =>
        new(400, 35, $"Unable to display this field \"{name}\". However, these are available: {Names(schema)}");

    private static string Names(ResourceSchema schema) => string.Join(", ", schema.Fields.Select(field => field.Name));
}
