using System.Globalization;

namespace ECommerce.Mocks.PrestaShop.Storage;

/// <summary>
/// Makes a row field by field; what is not set is what PrestaShop has for "nothing": 0, a zero date or an empty text.
/// </summary>
internal sealed class RowBuilder
{
    private readonly ResourceSchema _schema;
    private readonly int _id;
    private readonly object?[] _values;
    private readonly IReadOnlyList<string?[]>?[] _associations;

    public RowBuilder(ResourceSchema schema, int id)
    {
        _schema = schema;
        _id = id;
        _values = [.. schema.Fields.Select(Nothing)];
        _associations = new IReadOnlyList<string?[]>?[schema.Associations.Count];
        Set("id", id);
    }

    public RowBuilder Set(string field, string value) => SetValue(field, value);

    public RowBuilder Set(string field, int value) => SetValue(field, value.ToString(CultureInfo.InvariantCulture));

    public RowBuilder Set(string field, bool value) => SetValue(field, value ? "1" : "0");

    public RowBuilder Set(string field, DateTime value) => SetValue(field, ShopFormat.Date(value));

    /// <summary>Money and measures have six decimals.</summary>
    public RowBuilder Set(string field, decimal value) => SetValue(field, ShopFormat.Money(value));

    public RowBuilder Set(string field, params Translation[] value) => SetValue(field, value);

    public RowBuilder SetNull(string field) => SetValue(field, null);

    public RowBuilder Associate(string association, IReadOnlyList<string?[]> rows)
    {
        if (rows.Count > 0 && _schema.IndexOfAssociation(association) is >= 0 and var index)
            _associations[index] = rows;
        return this;
    }

    public Row Build() => new(_schema, _id, _values, _associations);

    private RowBuilder SetValue(string field, object? value)
    {
        if (_schema.IndexOf(field) is >= 0 and var index)
            _values[index] = value;
        return this;
    }

    private static object Nothing(Field field) => field switch
    {
        { Type: FieldType.Number } => "0",
        { Type: FieldType.Date } => ShopFormat.ZeroDate,
        _ => "",
    };
}
