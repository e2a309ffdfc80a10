namespace ECommerce.Mocks.PrestaShop.Storage;

/// <summary>
/// The rows of a resource in the order of their ids. Readers take the array as it is; a writer holds the shop's
/// lock.
/// </summary>
internal sealed class Table(ResourceSchema schema, IEnumerable<Row> rows)
{
    private volatile Row[] _rows = [.. rows.OrderBy(row => row.Id)];

    public ResourceSchema Schema => schema;

    public ReadOnlySpan<Row> Rows => _rows;

    public IReadOnlyList<Row> Snapshot => _rows;

    public int LastId => _rows is [.., var last] ? last.Id : 0;

    public Row? Find(int id) => IndexOf(id) is >= 0 and var index ? _rows[index] : null;

    /// <summary>Adds rows whose ids are higher than all before.</summary>
    public void Append(IEnumerable<Row> rows) => _rows = [.. _rows, .. rows];

    public void Replace(Row row)
    {
        var copy = (Row[])_rows.Clone();
        copy[IndexOf(row.Id)] = row;
        _rows = copy;
    }

    private int IndexOf(int id)
    {
        var rows = _rows;
        var (low, high) = (0, rows.Length - 1);
        while (low <= high)
        {
            var middle = (low + high) / 2;
            if (rows[middle].Id == id)
                return middle;
            if (rows[middle].Id < id)
                low = middle + 1;
            else high = middle - 1;
        }

        return -1;
    }
}
