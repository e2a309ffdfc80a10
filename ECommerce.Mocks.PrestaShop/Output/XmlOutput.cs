using ECommerce.Mocks.PrestaShop.Query;
using ECommerce.Mocks.PrestaShop.Storage;
using ECommerce.Mocks.PrestaShop.Webservice;

namespace ECommerce.Mocks.PrestaShop.Output;

/// <summary>
/// The shop's XML, its default. <paramref name="root"/> is the address of the webservice, which links begin with.
/// </summary>
internal sealed class XmlOutput(string root) : IOutput
{
    public string ContentType => "text/xml";

    public ReadOnlyMemory<byte> Ids(ResourceSchema schema, IReadOnlyList<Row> rows)
    {
        var text = Open().Text($"<{schema.ListName}>\n");
        foreach (var row in rows)
            text.Text($"<{schema.Item} id=\"{row.Id}\" xlink:href=\"{root}{schema.Name}/{row.Id}\"/>\n");
        return Close(text.Text($"</{schema.ListName}>\n"));
    }

    public ReadOnlyMemory<byte> List(
        ResourceSchema schema, IReadOnlyList<Row> rows, Selection selection, IReadOnlyList<int> languages)
    {
        var text = Open().Text($"<{schema.ListName}>\n");
        foreach (var row in rows)
            Object(text, row, selection, languages);
        return Close(text.Text($"</{schema.ListName}>\n"));
    }

    public ReadOnlyMemory<byte> Single(Row row, IReadOnlyList<int> languages)
    {
        var text = Open();
        Object(text, row, Selection.Full(row.Schema), languages);
        return Close(text);
    }

    public ReadOnlyMemory<byte> Errors(IReadOnlyList<WebserviceError> errors)
    {
        var text = Open().Raw("<errors>\n"u8);
        foreach (var error in errors)
        {
            text.Raw("<error>\n<code>"u8).CData(ShopFormat.Id(error.Code)).Raw("</code>\n<message>"u8)
                .CData(error.Message);
            text.Raw("</message>\n</error>\n"u8);
        }

        return Close(text.Raw("</errors>\n"u8));
    }

    /// <summary>The resources the key may use.</summary>
    public ReadOnlyMemory<byte> Resources(IEnumerable<string> names)
    {
        var text = Open().Raw("<api shopName=\"Negozio\">\n"u8);
        foreach (var name in names)
        {
            text.Text($"<{name} xlink:href=\"{root}{name}\"");
            text.Raw(" get=\"true\" put=\"true\" post=\"true\" patch=\"true\" delete=\"true\" head=\"true\"/>\n"u8);
        }

        return Close(text.Raw("</api>\n"u8));
    }

    /// <summary>
    /// The template of a resource: empty (<c>blank</c>), or with what its fields are (<c>synopsis</c>).
    /// </summary>
    public static ReadOnlyMemory<byte> Template(ResourceSchema schema, bool withFormats, IReadOnlyList<int> languages)
    {
        var text = Open().Text($"<{schema.Item}>\n");
        foreach (var field in schema.Fields)
        {
            text.Text($"<{field.Name}");
            if (withFormats && field.Computed)
                text.Raw(" readOnly=\"true\""u8);
            else if (withFormats && field.Name != "id")
                text.Text($" format=\"{Format(field)}\"");
            text.Raw(">"u8);
            if (field.Localized)
            {
                foreach (var language in languages)
                    text.Text($"<language id=\"{language}\"></language>");
            }

            text.Text($"</{field.Name}>\n");
        }

        return Close(text.Text($"</{schema.Item}>\n"));
    }

    private static string Format(Field field) => field.Type switch
    {
        FieldType.Date => "isDate",
        FieldType.Number when field.Name.StartsWith("id_", StringComparison.Ordinal) => "isUnsignedId",
        FieldType.Number => "isUnsignedFloat",
        _ => "isGenericName",
    };

    private static Utf8Text Open() => new Utf8Text().Raw(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<prestashop xmlns:xlink=\"http://www.w3.org/1999/xlink\">\n"u8);

    private static ReadOnlyMemory<byte> Close(Utf8Text text) => text.Raw("</prestashop>\n"u8).Written;

    private void Object(Utf8Text text, Row row, Selection selection, IReadOnlyList<int> languages)
    {
        text.Text($"<{row.Schema.Item}>\n");
        foreach (var index in selection.Fields)
        {
            var field = row.Schema.Fields[index];
            text.Text($"<{field.Name}").Raw(field.Computed ? " notFilterable=\"true\">"u8 : ">"u8);
            if (row[index] is Translation[] translations)
                Localized(text, translations, languages);
            else text.CData(row[index] as string);
            text.Text($"</{field.Name}>\n");
        }

        text.Raw("<associations>\n"u8);
        foreach (var (index, parts) in selection.Associations)
        {
            if (row.Association(index) is { } rows)
                Associated(text, row.Schema.Associations[index], rows, parts);
        }

        text.Raw("</associations>\n"u8).Text($"</{row.Schema.Item}>\n");
    }

    private static void Associated(
        Utf8Text text, Association association, IReadOnlyList<string?[]> rows, IReadOnlyList<int> parts)
    {
        text.Text($"<{association.Name} nodeType=\"{association.Item}\">\n");
        foreach (var row in rows)
        {
            text.Text($"<{association.Item}>\n");
            foreach (var part in parts)
                text.Text($"<{association.Fields[part]}>").CData(row[part]).Text($"</{association.Fields[part]}>\n");
            text.Text($"</{association.Item}>\n");
        }

        text.Text($"</{association.Name}>\n");
    }

    private void Localized(Utf8Text text, Translation[] translations, IReadOnlyList<int> languages)
    {
        foreach (var language in languages)
        {
            text.Text($"<language id=\"{language}\" xlink:href=\"{root}languages/{language}\">");
            text.CData(Array.Find(translations, translation => translation.Language == language).Value);
            text.Raw("</language>"u8);
        }
    }
}
