using ECommerce.Features.Data.Entities;
using Microsoft.EntityFrameworkCore;

namespace ECommerce.Features.PrestaShop.Import;

/// <summary>
/// A table that is filled from a shop, and the columns that follow the shop. Other columns are local and never touched.
/// </summary>
internal sealed record ImportTable
{
    private ImportTable(
        string name, ImportColumn[] columns,
        Func<ECommerceDbContext, int, long[], CancellationToken, Task<IEnumerable<object>>> rows) =>
        (Name, Columns, RowsAsync) = (name, columns, rows);

    public string Name { get; }

    public ImportColumn[] Columns { get; }

    /// <summary>
    /// Reads rows of a shop, by their ids there, and locks them: declarations take their tags of them.
    /// </summary>
    public Func<ECommerceDbContext, int, long[], CancellationToken, Task<IEnumerable<object>>> RowsAsync { get; }

    public static ImportTable Of<TRow>(string name, params ImportColumn[] columns)
        where TRow : class, IImportedRow =>
        new(name, columns, static async (db, shopId, origins, ct) => await db.Rows<TRow>()
            .Where(row => row.ShopId == shopId && origins.Contains(row.OriginId!.Value)).ForUpdateUntracked()
            .ToListAsync(ct));
}

/// <summary>A column and its value on update; by default the shop's value.</summary>
internal sealed record ImportColumn(string Name, string? OnUpdate = null)
{
    /// <summary>
    /// A deletion in the shop deletes the row; a row that was deleted here stays deleted while the shop still has it.
    /// </summary>
    public static readonly ImportColumn DeletedAt = new("deleted_at", "COALESCE(deleted_at, VALUES(deleted_at))");

    public string Assignment => $"{Name} = {OnUpdate ?? $"VALUES({Name})"}";

    public static implicit operator ImportColumn(string name) => new(name);
}

/// <summary>One row of a shop: the values in the order of the columns.</summary>
internal sealed record ImportRow(long OriginId, params object?[] Values);

/// <summary>The result of a batch: local ids by ids of the shop.</summary>
internal sealed record ImportResult(
    IReadOnlyDictionary<long, long> Created, IReadOnlyDictionary<long, long> Updated, int Unchanged)
{
    public IEnumerable<long> ChangedIds => Created.Values.Concat(Updated.Values);

    /// <summary>The local id of a created or updated row.</summary>
    public bool TryGetChanged(long originId, out long id) =>
        Created.TryGetValue(originId, out id) || Updated.TryGetValue(originId, out id);
}
