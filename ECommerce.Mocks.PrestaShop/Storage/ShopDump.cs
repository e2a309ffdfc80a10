using System.Text.Json;

namespace ECommerce.Mocks.PrestaShop.Storage;

/// <summary>
/// Reads a folder of <c>{resource}.json</c>, each the body of
/// <c>GET /api/{resource}?display=full&amp;output_format=JSON</c>. Fields and their order are the dump's: a module's
/// own fields are served too.
/// </summary>
internal static class ShopDump
{
    public static IEnumerable<Table> Load(string folder)
    {
        var files = Directory.Exists(folder) ? Directory.GetFiles(folder, "*.json") : [];
        if (files.Length == 0)
            throw new InvalidOperationException($"data: no *.json in {folder}");
        return files.Select(Read);
    }

    private static Table Read(string file)
    {
        var resource = Path.GetFileNameWithoutExtension(file);
        // As text: a byte order mark is not JSON.
        using var document = JsonDocument.Parse(File.ReadAllText(file));
        // An empty list is a bare array.
        var items = document.RootElement.ValueKind == JsonValueKind.Object
            && document.RootElement.TryGetProperty(resource, out var list)
            ? list.EnumerateArray().ToArray()
            : [];
        var schema = SchemaOf(resource, items);
        return new(schema, items.Select(item => ReadRow(schema, item)));
    }

    private static ResourceSchema SchemaOf(string resource, JsonElement[] items)
    {
        var known = Schemas.For(resource);
        if (items.Length == 0)
            return known;

        var fields = new List<Field>();
        var associations = new List<Association>();
        foreach (var property in items.SelectMany(item => item.EnumerateObject()))
        {
            if (property.NameEquals("associations"))
                AddAssociations(associations, known, property.Value);
            else if (!fields.Exists(field => field.Name == property.Name))
                fields.Add(FieldOf(known, property));
        }

        return new(resource, known.Item, fields, associations);
    }

    private static Field FieldOf(ResourceSchema known, JsonProperty property) =>
        known.IndexOf(property.Name) is >= 0 and var index
            ? known.Fields[index]
            : new(property.Name, FieldType.Text, Localized: property.Value.ValueKind == JsonValueKind.Array);

    private static void AddAssociations(List<Association> associations, ResourceSchema known, JsonElement value)
    {
        foreach (var property in value.EnumerateObject())
        {
            var names = property.Value.EnumerateArray().SelectMany(item => item.EnumerateObject())
                .Select(part => part.Name).Distinct();
            var index = associations.FindIndex(association => association.Name == property.Name);
            var item = known.IndexOfAssociation(property.Name) is >= 0 and var at
                ? known.Associations[at].Item
                : property.Name.TrimEnd('s');
            if (index < 0)
            {
                associations.Add(new(property.Name, item, [.. names]));
                continue;
            }
            var fields = associations[index].Fields.Union(names);
            associations[index] = associations[index] with { Fields = [.. fields] };
        }
    }

    private static Row ReadRow(ResourceSchema schema, JsonElement item)
    {
        var values = new object?[schema.Fields.Count];
        for (var i = 0; i < values.Length; i++)
        {
            if (item.TryGetProperty(schema.Fields[i].Name, out var value))
                values[i] = ReadValue(value);
        }

        var associations = new IReadOnlyList<string?[]>?[schema.Associations.Count];
        if (item.TryGetProperty("associations", out var lists))
        {
            for (var i = 0; i < associations.Length; i++)
            {
                var association = schema.Associations[i];
                if (!lists.TryGetProperty(association.Name, out var list))
                    continue;
                associations[i] = [.. list.EnumerateArray().Select(
                    part => association.Fields.Select(name => Part(part, name)).ToArray())];
            }
        }

        return new(schema, ShopFormat.Int(Text(item.GetProperty("id")) ?? ""), values, associations);
    }

    private static object? ReadValue(JsonElement value) => value.ValueKind == JsonValueKind.Array
        ? value.EnumerateArray()
            .Select(
                part =>
                    new Translation(
                        ShopFormat.Int(Text(part.GetProperty("id")) ?? ""), Text(part.GetProperty("value"))))
            .ToArray()
        : Text(value);

    private static string? Part(JsonElement item, string name) =>
        item.TryGetProperty(name, out var value) ? Text(value) : null;

    private static string? Text(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => value.GetString(),
        JsonValueKind.Null => null,
        JsonValueKind.True => "1",
        JsonValueKind.False => "0",
        _ => value.GetRawText(),
    };
}
