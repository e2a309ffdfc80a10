using ECommerce.Mocks.PrestaShop.Storage;

namespace ECommerce.Mocks.PrestaShop.Query;

/// <summary>Orders values as their column does; translations by the first language.</summary>
internal sealed class SortOrder(FieldType type) : IComparer<object?>
{
    private static readonly SortOrder[] All = [.. Enum.GetValues<FieldType>().Select(type => new SortOrder(type))];

    public static SortOrder For(FieldType type) => All[(int)type];

    public int Compare(object? x, object? y)
    {
        var (left, right) = (Text(x), Text(y));
        return type == FieldType.Number
            ? SqlText.Number(left).CompareTo(SqlText.Number(right))
            : string.CompareOrdinal(SqlText.Fold(left), SqlText.Fold(right));
    }

    private static string Text(object? value) =>
        value is Translation[] translations ? translations[0].Value ?? "" : value as string ?? "";
}
