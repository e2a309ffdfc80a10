using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace ECommerce.Features.Common.Settings;

/// <summary>A text of one line.</summary>
internal class TextSetting(string name, string? fallback, int maxLength, string description)
    : Setting<string?>(name, "string", fallback, description)
{
    public override int? MaxLength => maxLength;

    public override bool TryWrite(
        JsonElement value, [NotNullWhen(true)] out string? text, [NotNullWhen(false)] out string? fault)
    {
        text = value.ValueKind == JsonValueKind.String ? value.GetString() : null;
        fault = text is null ? "must be a text."
            : text.Length == 0 || text.Length > maxLength ? $"must have 1 to {maxLength} characters."
            : !TextRules.IsPlain(text) ? "must not contain control characters."
            : null;
        return fault is null;
    }

    protected override bool TryParse(string text, [MaybeNullWhen(false)] out string? value)
    {
        value = text;
        return true;
    }
}

/// <summary>A text of a certain form.</summary>
internal sealed class FormSetting(
    string name, int maxLength, [StringSyntax(StringSyntaxAttribute.Regex)] string pattern, string form,
    string description)
    : TextSetting(name, null, maxLength, description)
{
    public override bool TryWrite(
        JsonElement value, [NotNullWhen(true)] out string? text, [NotNullWhen(false)] out string? fault)
    {
        if (base.TryWrite(value, out text, out fault) && !IsValid(text))
            (text, fault) = (null, $"must be {form}.");
        return fault is null;
    }

    protected override bool TryParse(string text, [MaybeNullWhen(false)] out string? value)
    {
        value = text;
        return IsValid(text);
    }

    private bool IsValid(string text) =>
        Regex.IsMatch(text, pattern, RegexOptions.CultureInvariant, TimeSpan.FromSeconds(1));
}

/// <summary>A text that is encrypted at rest and never returned.</summary>
internal sealed class SecretSetting(string name, int maxLength, string description)
    : TextSetting(name, null, maxLength, description)
{
    public override bool IsSecret => true;
}

/// <summary>A whole number within bounds; null where it may be missing.</summary>
internal class WholeNumberSetting(string name, int? fallback, int minimum, int maximum, string description)
    : Setting<int?>(name, "integer", fallback, description)
{
    public override object? Minimum => minimum;

    public override object? Maximum => maximum;

    public override bool TryWrite(
        JsonElement value, [NotNullWhen(true)] out string? text, [NotNullWhen(false)] out string? fault)
    {
        var isValid = value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var number)
            && number >= minimum && number <= maximum;
        text = isValid ? value.GetInt32().ToString(CultureInfo.InvariantCulture) : null;
        fault = isValid ? null : $"must be a whole number from {minimum} to {maximum}.";
        return isValid;
    }

    protected override bool TryParse(string text, out int? value)
    {
        var isValid = int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
            && number >= minimum && number <= maximum;
        value = number;
        return isValid;
    }
}

/// <summary>The id of an order state of the tenant.</summary>
internal sealed class OrderStateSetting(string name, string description)
    : WholeNumberSetting(name, null, 1, int.MaxValue, description);

/// <summary>A decimal number within bounds, with at most so many decimals.</summary>
internal sealed class DecimalSetting(
    string name, decimal fallback, decimal minimum, decimal maximum, int decimals, string description)
    : Setting<decimal>(name, "decimal", fallback, description)
{
    public override object? Minimum => minimum;

    public override object? Maximum => maximum;

    public override bool TryWrite(
        JsonElement value, [NotNullWhen(true)] out string? text, [NotNullWhen(false)] out string? fault)
    {
        var number = 0m;
        var isValid = value.ValueKind == JsonValueKind.Number && value.TryGetDecimal(out number) && IsValid(number);
        text = isValid ? number.ToString(CultureInfo.InvariantCulture) : null;
        fault = isValid ? null : string.Create(
            CultureInfo.InvariantCulture,
            $"must be a number from {minimum} to {maximum} with at most {decimals} decimals.");
        return isValid;
    }

    protected override bool TryParse(string text, out decimal value) =>
        decimal.TryParse(
            text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture,
            out value) && IsValid(value);

    private bool IsValid(decimal number) =>
        number >= minimum && number <= maximum && decimal.Round(number, decimals) == number;
}

/// <summary>True or false.</summary>
internal sealed class FlagSetting(string name, bool fallback, string description)
    : Setting<bool>(name, "boolean", fallback, description)
{
    public override bool TryWrite(
        JsonElement value, [NotNullWhen(true)] out string? text, [NotNullWhen(false)] out string? fault)
    {
        text = value.ValueKind switch
        {
            JsonValueKind.True => "true",
            JsonValueKind.False => "false",
            _ => null,
        };
        fault = text is null ? "must be true or false." : null;
        return text is not null;
    }

    protected override bool TryParse(string text, out bool value) => bool.TryParse(text, out value);
}

/// <summary>One of several texts.</summary>
internal sealed class ChoiceSetting(string name, string fallback, IReadOnlyList<string> choices, string description)
    : Setting<string>(name, "enum", fallback, description)
{
    public override IReadOnlyList<string> Choices => choices;

    public override bool TryWrite(
        JsonElement value, [NotNullWhen(true)] out string? text, [NotNullWhen(false)] out string? fault)
    {
        text = value.ValueKind == JsonValueKind.String && choices.Contains(value.GetString())
            ? value.GetString()
            : null;
        fault = text is null ? $"must be one of {string.Join(", ", choices)}." : null;
        return text is not null;
    }

    protected override bool TryParse(string text, [MaybeNullWhen(false)] out string value)
    {
        value = text;
        return choices.Contains(text);
    }
}
