using System.Globalization;
using ECommerce.Mocks.PrestaShop.Query;
using ECommerce.Mocks.PrestaShop.Storage;
using ECommerce.Mocks.PrestaShop.Webservice;

namespace ECommerce.Mocks.PrestaShop.Output;

/// <summary>
/// The shop's JSON: a bare array when a list is empty, strings for numbers, translations as arrays or strings.
/// </summary>
internal sealed class JsonOutput(ShopOptions options) : IOutput
{
    public string ContentType => "application/json";

    public ReadOnlyMemory<byte> Ids(ResourceSchema schema, IReadOnlyList<Row> rows)
    {
        if (rows.Count == 0)
            return "[]"u8.ToArray();

        var text = new Utf8Text().Raw("{"u8).JsonString(schema.ListName).Raw(":["u8);
        for (var i = 0; i < rows.Count; i++)
        {
            if (i > 0)
                text.Raw(","u8);
            text.Raw("{\"id\":"u8).Text(ShopFormat.Id(rows[i].Id)).Raw("}"u8);
        }

        return text.Raw("]}"u8).Written;
    }

    public ReadOnlyMemory<byte> List(
        ResourceSchema schema, IReadOnlyList<Row> rows, Selection selection, IReadOnlyList<int> languages)
    {
        if (rows.Count == 0)
            return "[]"u8.ToArray();

        var text = new Utf8Text().Raw("{"u8).JsonString(schema.ListName).Raw(":["u8);
        for (var i = 0; i < rows.Count; i++)
        {
            if (i > 0)
                text.Raw(","u8);
            if (selection.IsFull)
                text.Raw(Whole(rows[i], selection, languages));
            else Object(text, rows[i], selection, languages, dropFalsy: false);
        }

        return text.Raw("]}"u8).Written;
    }

    public ReadOnlyMemory<byte> Single(Row row, IReadOnlyList<int> languages)
    {
        var text = new Utf8Text().Raw("{"u8).JsonString(row.Schema.Item).Raw(":"u8);
        Object(text, row, Selection.Full(row.Schema), languages, options.DropsFalsyMembers);
        return text.Raw("}"u8).Written;
    }

    public ReadOnlyMemory<byte> Errors(IReadOnlyList<WebserviceError> errors)
    {
        var text = new Utf8Text().Raw("{\"errors\":["u8);
        for (var i = 0; i < errors.Count; i++)
        {
            if (i > 0)
                text.Raw(","u8);
            text.Raw("{\"code\":"u8).Text(errors[i].Code.ToString(CultureInfo.InvariantCulture));
            text.Raw(",\"message\":"u8).JsonString(errors[i].Message).Raw("}"u8);
        }

        return text.Raw("]}"u8).Written;
    }

    private byte[] Whole(Row row, Selection full, IReadOnlyList<int> languages)
    {
        if (row.Rendered is { } rendered && ReferenceEquals(rendered.Languages, languages))
            return rendered.Json;

        var text = new Utf8Text(capacity: 2048);
        Object(text, row, full, languages, dropFalsy: false);
        row.Rendered = new(languages, text.Written.ToArray());
        return row.Rendered.Json;
    }

    private void Object(Utf8Text text, Row row, Selection selection, IReadOnlyList<int> languages, bool dropFalsy)
    {
        text.Raw("{"u8);
        var first = true;
        foreach (var index in selection.Fields)
        {
            var field = row.Schema.Fields[index];
            var value = row[index];
            if (dropFalsy && value is null or "" or "0")
                continue;

            Name(text, field.Name, ref first);
            if (field.Name == "id")
                text.Text(ShopFormat.Id(row.Id));
            else if (value is Translation[] translations)
                Localized(text, translations, languages);
            else Scalar(text, value as string, field.Type);
        }

        var hasAssociations = false;
        foreach (var (index, parts) in selection.Associations)
        {
            if (row.Association(index) is not { } rows)
                continue;

            var association = row.Schema.Associations[index];
            if (!hasAssociations)
            {
                Name(text, "associations", ref first);
                text.Raw("{"u8);
            }
            else
            {
                text.Raw(","u8);
            }

            hasAssociations = true;
            Associated(text, association, rows, parts);
        }

        text.Raw(hasAssociations ? "}}"u8 : "}"u8);
    }

    private static void Associated(
        Utf8Text text, Association association, IReadOnlyList<string?[]> rows, IReadOnlyList<int> parts)
    {
        text.JsonString(association.Name).Raw(":["u8);
        for (var i = 0; i < rows.Count; i++)
        {
            text.Raw(i > 0 ? ",{"u8 : "{"u8);
            var first = true;
            foreach (var part in parts)
            {
                if (rows[i][part] is not { } value)
                    continue;
                Name(text, association.Fields[part], ref first);
                text.JsonString(value);
            }

            text.Raw("}"u8);
        }

        text.Raw("]"u8);
    }

    private static void Name(Utf8Text text, string name, ref bool first)
    {
        if (!first)
            text.Raw(","u8);
        first = false;
        text.JsonString(name).Raw(":"u8);
    }

    private void Scalar(Utf8Text text, string? value, FieldType type)
    {
        if (value is null)
            text.Raw("null"u8);
        else if (options.HasNativeTypes && type == FieldType.Number && IsInteger(value))
            text.Text(value);
        else text.JsonString(value);
    }

    private static bool IsInteger(string value) =>
        value == "0" || (value is [>= '1' and <= '9', ..] && value.All(char.IsAsciiDigit));

    private static void Localized(Utf8Text text, Translation[] translations, IReadOnlyList<int> languages)
    {
        if (languages is [var only])
        {
            text.JsonString(Array.Find(translations, translation => translation.Language == only).Value ?? "");
            return;
        }

        for (var i = 0; i < languages.Count; i++)
        {
            var translation = Array.Find(translations, translation => translation.Language == languages[i]);
            text.Raw(i == 0 ? "["u8 : ","u8).Raw("{\"id\":"u8).JsonString(ShopFormat.Id(languages[i]));
            text.Raw(",\"value\":"u8).JsonString(translation.Value ?? "").Raw("}"u8);
        }

        text.Raw("]"u8);
    }
}
