using System.Globalization;
using System.Text.RegularExpressions;
using ECommerce.Mocks.PrestaShop.Storage;

namespace ECommerce.Mocks.PrestaShop.Query;

/// <summary>
/// The value of <c>filter[field]=…</c>, with every trap the shop has; the order of the branches is the shop's.
/// </summary>
internal static partial class FilterParser
{
    /// <param name="type">How the column compares.</param>
    /// <param name="value">The text after the equals sign.</param>
    /// <param name="bareNumberIsLike">Older versions compare a number without brackets by LIKE.</param>
    /// <returns>Null where the shop forgets the filter: an operator it does not know in front of the bracket.</returns>
    public static Func<string?, bool>? Parse(FieldType type, string value, bool bareNumberIsLike)
    {
        if (Bracketed().Match(value) is not { Success: true } match)
        {
            return bareNumberIsLike && decimal.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out _)
                ? Like(value)
                : AnyOf(type, [value]);
        }

        var (before, inner, after) = (match.Groups[1].Value, match.Groups[2].Value, match.Groups[3].Value);
        if (before == "%" || after == "%")
            return Like(before + inner + after);
        if (before == "" && after == "")
        {
            if (inner.IndexOf('|') > 0)
                return AnyOf(type, inner.Split('|'));
            return Interval().Match(inner) is { Success: true } interval
                ? Between(type, interval.Groups[1].Value, interval.Groups[2].Value)
                : AnyOf(type, [inner]);
        }

        return before switch
        {
            ">" => Compare(type, inner, static order => order > 0),
            "<" => Compare(type, inner, static order => order < 0),
            "!" => NoneOf(type, inner.Split('|')),
            _ => null,
        };
    }

    private static Func<string?, bool> Like(string pattern)
    {
        var folded = SqlText.Fold(pattern);
        return stored => stored is not null && SqlText.Like(SqlText.Fold(stored), folded);
    }

    private static Func<string?, bool> AnyOf(FieldType type, string[] literals)
    {
        // Clients ask for hundreds of ids at once: the stored number is read once, not once for each.
        if (type == FieldType.Number)
        {
            var numbers = literals.Select(SqlText.Number).ToHashSet();
            return stored => stored is not null && numbers.Contains(SqlText.Number(stored));
        }

        if (type == FieldType.Text)
        {
            var texts = literals.Select(SqlText.Fold).ToHashSet(StringComparer.Ordinal);
            return stored => stored is not null && texts.Contains(SqlText.Fold(stored));
        }

        var operands = Array.ConvertAll(literals, literal => new Operand(type, literal));
        return stored => Array.Exists(operands, operand => operand.CompareStored(stored) == 0);
    }

    private static Func<string?, bool> NoneOf(FieldType type, string[] literals)
    {
        var operands = Array.ConvertAll(literals, literal => new Operand(type, literal));
        return stored =>
            Array.TrueForAll(operands, operand => operand.CompareStored(stored) is { } order && order != 0);
    }

    private static Func<string?, bool> Between(FieldType type, string one, string other)
    {
        // Sorted as PHP sorts: numbers by value, else as texts.
        var swap = decimal.TryParse(one, NumberStyles.Number, CultureInfo.InvariantCulture, out var first)
            && decimal.TryParse(other, NumberStyles.Number, CultureInfo.InvariantCulture, out var second)
                ? first > second
                : string.CompareOrdinal(one, other) > 0;
        var low = new Operand(type, swap ? other : one);
        var high = new Operand(type, swap ? one : other);
        return stored => low.CompareStored(stored) >= 0 && high.CompareStored(stored) <= 0;
    }

    private static Func<string?, bool> Compare(FieldType type, string literal, Func<int, bool> fits)
    {
        var operand = new Operand(type, literal);
        return stored => operand.CompareStored(stored) is { } order && fits(order);
    }

    [GeneratedRegex(@"^(.*)\[(.*)\](.*)$")]
    private static partial Regex Bracketed();

    // "[6,]" is no interval, nor is anything with a T in its dates: both fall through to equality.
    [GeneratedRegex(@"^([\d.:\-\s]+),([\d.:\-\s]+)$")]
    private static partial Regex Interval();
}
