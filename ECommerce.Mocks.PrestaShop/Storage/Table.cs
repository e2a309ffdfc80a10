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

    /// <summary>Removes a row without a trace, as the shop does; false if there is none.</summary>
    public bool Remove(int id)
    {
        var length = _rows.Length;
        _rows = [.. _rows.Where(row => row.Id != id)];
        return _rows.Length < length;
    }

    /// <summary>Adds a row, wherever its id belongs, or replaces it.</summary>
    public void Put(Row row) => _rows = [.. _rows.Where(other => other.Id != row.Id).Append(row).OrderBy(r => r.Id)];

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
