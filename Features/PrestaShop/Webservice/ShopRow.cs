using System.Globalization;
using System.Text.Json;

namespace ECommerce.Features.PrestaShop.Webservice;

/// <summary>
/// One row of the webservice: a scalar may be a string, number, boolean or null; "" and zero dates mean null; a
/// translated text is an array, or a plain string when the shop has one language.
/// </summary>
/// <exception cref="RowRejectedException">A field that is read has a text of another kind: no default replaces what
/// the shop wrote.</exception>
internal readonly struct ShopRow(JsonElement element, RowNotes? notes = null)
{
    private const NumberStyles Numbers = NumberStyles.Float;

    /// <summary>False for the default value of the struct: no row was found.</summary>
    public bool IsPresent => element.ValueKind == JsonValueKind.Object;

    public long Id => Long("id") ?? throw new RowRejectedException("The row has no id.");

    /// <summary>What was changed in the texts of this row as they were read, field by field.</summary>
    public IReadOnlyCollection<string> Warnings => notes?.Warnings ?? [];

    public string? Text(string field, int maxLength)
    {
        if (Scalar(field)?.Trim() is not { Length: > 0 } text)
            return null;
        if (text.Contains('\uFFFD', StringComparison.Ordinal))
            notes?.Warn($"{field}: contains invalid characters, which are replaced.");
        if (text.Length <= maxLength)
            return text;
        notes?.Warn($"{field}: has {text.Length} characters and is cut to {maxLength}.");
        return ShopText.Cut(text, maxLength);
    }

    public string? Translated(string field, long language, int maxLength)
    {
        if (!element.TryGetProperty(field, out var value) || value.ValueKind != JsonValueKind.Array)
            return Text(field, maxLength);
        foreach (var text in value.EnumerateArray())
        {
            var translation = new ShopRow(text, notes);
            if (translation.Long("id") == language && translation.Text("value", maxLength) is { } chosen)
                return chosen;
        }
        return value.EnumerateArray().Select(text => new ShopRow(text).Text("value", maxLength))
            .FirstOrDefault(text => text is not null);
    }

    /// <summary>A whole number; a fraction of zeros ("2.000000") and exponents are read.</summary>
    public long? Long(string field) => Whole(field, long.MinValue, long.MaxValue);

    /// <summary>As <see cref="Long"/>, of 32 bits.</summary>
    public int? Int(string field) => (int?)Whole(field, int.MinValue, int.MaxValue);

    /// <summary>The id of another row; zero means none.</summary>
    public long? Reference(string field) => Long(field) is > 0 and var id ? id : null;

    public bool Flag(string field) => Scalar(field)?.Trim() switch
    {
        null or "" or "0" or "false" => false,
        "1" or "true" => true,
        var text => throw RowRejectedException.Unreadable(field, text, "is not a flag"),
    };

    public decimal Number(string field)
    {
        if (Scalar(field)?.Trim() is not { Length: > 0 } text)
            return 0m;
        return decimal.TryParse(text, Numbers, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw RowRejectedException.Unreadable(field, text, "is not a number");
    }

    /// <summary>An amount with the digits of its currency.</summary>
    public decimal Money(string field, int digits = 2) =>
        decimal.Round(Number(field), digits, MidpointRounding.AwayFromZero);

    /// <summary>A unit price or a measure: six decimals, as the shop keeps it.</summary>
    public decimal Exact(string field) => decimal.Round(Number(field), 6, MidpointRounding.AwayFromZero);

    /// <summary>A local time of the shop as text; null for none and for the zero date.</summary>
    public string? RawTime(string field) =>
        Scalar(field)?.Trim() is { Length: > 0 } text && !text.StartsWith("0000", StringComparison.Ordinal)
            ? text
            : null;

    public DateTime? Time(string field) =>
        RawTime(field) is not { } text
            ? null
            : (notes?.Clock ?? ShopClock.Rome).ToUtc(text)
                ?? throw RowRejectedException.Unreadable(field, text, "is not a time");

    public IReadOnlyList<ShopRow> Association(string name)
    {
        if (!element.TryGetProperty("associations", out var all) || all.ValueKind != JsonValueKind.Object)
            return [];
        if (!all.TryGetProperty(name, out var rows) || rows.ValueKind != JsonValueKind.Array)
            return [];
        var of = notes;
        return [.. rows.EnumerateArray().Select(row => new ShopRow(row, of))];
    }

    private long? Whole(string field, long min, long max)
    {
        if (Scalar(field)?.Trim() is not { Length: > 0 } text)
            return null;
        if (!decimal.TryParse(text, Numbers, CultureInfo.InvariantCulture, out var number)
            || number != decimal.Truncate(number))
        {
            throw RowRejectedException.Unreadable(field, text, "is not a whole number");
        }
        return number >= min && number <= max
            ? (long)number
            : throw RowRejectedException.Unreadable(field, text, $"is not between {min} and {max}");
    }

    private string? Scalar(string field) =>
        element.ValueKind != JsonValueKind.Object || !element.TryGetProperty(field, out var value)
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

/// <summary>What belongs to a row and its associations while they are read.</summary>
internal sealed class RowNotes(ShopClock clock)
{
    private List<string>? _warnings;

    public ShopClock Clock => clock;

    public IReadOnlyCollection<string> Warnings => _warnings ?? (IReadOnlyCollection<string>)[];

    /// <summary>Adds a warning once: a row may be read twice.</summary>
    public void Warn(string warning)
    {
        _warnings ??= [];
        if (!_warnings.Contains(warning))
            _warnings.Add(warning);
    }
}
