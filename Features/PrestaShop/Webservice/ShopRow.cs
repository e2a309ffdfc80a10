using System.Globalization;
using System.Text.Json;

namespace ECommerce.Features.PrestaShop.Webservice;

/// <summary>
/// One row of the webservice: a scalar may be a string, number, boolean or null; "" and zero dates mean null; a
/// translated text is an array, or a plain string when the shop has one language.
/// </summary>
internal readonly struct ShopRow(JsonElement element)
{
    /// <summary>False for the default value of the struct: no row was found.</summary>
    public bool IsPresent => element.ValueKind == JsonValueKind.Object;

    public long Id => Long("id") ?? throw new FormatException("The row has no id.");

    public string? Text(string field, int maxLength)
    {
        if (Scalar(field)?.Trim() is not { Length: > 0 } text)
            return null;
        return text.Length <= maxLength ? text : text[..maxLength];
    }

    public string? Translated(string field, long language, int maxLength)
    {
        if (!element.TryGetProperty(field, out var value) || value.ValueKind != JsonValueKind.Array)
            return Text(field, maxLength);
        var texts = value.EnumerateArray().Select(text => new ShopRow(text)).ToArray();
        var chosen = texts.Where(text => text.Long("id") == language).Concat(texts)
            .Select(text => text.Text("value", maxLength));
        return chosen.FirstOrDefault(text => text is not null);
    }

    public long? Long(string field) =>
        long.TryParse(Scalar(field), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
            ? number
            : null;

    /// <summary>The id of another row; zero means none.</summary>
    public long? Reference(string field) => Long(field) is > 0 and var id ? id : null;

    public bool Flag(string field) => Scalar(field) is "1" or "true";

    public decimal Number(string field) =>
        decimal.TryParse(
            Scalar(field), NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint,
            CultureInfo.InvariantCulture, out var number) ? number : 0m;

    public decimal Money(string field) => decimal.Round(Number(field), 2, MidpointRounding.AwayFromZero);

    /// <summary>A local time of the shop as text; null for none and for the zero date.</summary>
    public string? RawTime(string field) =>
        Scalar(field) is { Length: >= 10 } text && !text.StartsWith("0000", StringComparison.Ordinal) ? text : null;

    public DateTime? Time(string field) => RawTime(field) is { } text ? ShopClock.ToUtc(text) : null;

    public IReadOnlyList<ShopRow> Association(string name)
    {
        if (!element.TryGetProperty("associations", out var all) || all.ValueKind != JsonValueKind.Object)
            return [];
        if (!all.TryGetProperty(name, out var rows) || rows.ValueKind != JsonValueKind.Array)
            return [];
        return [.. rows.EnumerateArray().Select(row => new ShopRow(row))];
    }

    private string? Scalar(string field) =>
        !element.TryGetProperty(field, out var value)
            ? null
            : value.ValueKind switch
            {
                JsonValueKind.String => value.GetString(),
                JsonValueKind.Number => value.GetRawText(),
                JsonValueKind.True => "1",
                JsonValueKind.False => "0",
                _ => null,
            };
}
