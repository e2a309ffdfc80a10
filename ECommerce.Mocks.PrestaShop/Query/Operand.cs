using ECommerce.Mocks.PrestaShop.Storage;

namespace ECommerce.Mocks.PrestaShop.Query;

/// <summary>The literal of a filter, cast to the column's type once, and compared with many rows.</summary>
internal sealed class Operand(FieldType type, string literal)
{
    private readonly decimal _number = type == FieldType.Number ? SqlText.Number(literal) : 0;
    private readonly string? _text = type switch
    {
        FieldType.Date => SqlText.Date(literal),
        FieldType.Text => SqlText.Fold(literal),
        _ => null,
    };

    /// <summary>
    /// Below, at or above zero as the stored value is less, equal or greater; null if one of the two is no value.
    /// </summary>
    public int? CompareStored(string? stored) => stored is null ? null : type switch
    {
        FieldType.Number => SqlText.Number(stored).CompareTo(_number),
        FieldType.Date =>
            _text is null || SqlText.Date(stored) is not { } date ? null : string.CompareOrdinal(date, _text),
        _ => string.CompareOrdinal(SqlText.Fold(stored), _text),
    };
}
