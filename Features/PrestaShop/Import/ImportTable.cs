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

    /// <summary>Whether a full run marks the rows that the shop no longer has.</summary>
    public bool MarksMissing { get; private init; }

    public ImportColumn[] Columns { get; }

    /// <summary>
    /// Reads rows of a shop, by their ids there, and locks them: declarations take their tags of them.
    /// </summary>
    public Func<ECommerceDbContext, int, long[], CancellationToken, Task<IEnumerable<object>>> RowsAsync { get; }

    /// <summary>What an update of a known row sets.</summary>
    public string Assignments => string.Join(
        ", ",
        [
            .. Columns.Where(column => !MarksMissing || column != ImportColumn.DeletedAt)
                .Select(column => column.Assignment),
            // A row that was missing from the shop and is back is no longer deleted; of the two, deleted_at comes first
            // because assignments see those before them.
            .. MarksMissing
                ? new[]
                {
                    Columns.Contains(ImportColumn.DeletedAt)
                        ? "deleted_at = IF(gone_in_shop = 1, VALUES(deleted_at), "
                            + "COALESCE(deleted_at, VALUES(deleted_at)))"
                        : "deleted_at = IF(gone_in_shop = 1, NULL, deleted_at)",
                    "gone_in_shop = 0",
                }
                : [],
        ]);

    public static ImportTable Of<TRow>(string name, params ImportColumn[] columns)
        where TRow : class, IImportedRow =>
        new(name, columns, static async (db, shopId, origins, ct) => await db.Rows<TRow>()
            .Where(row => row.ShopId == shopId && origins.Contains(row.OriginId!.Value)).ForUpdateUntracked()
            .ToListAsync(ct))
        {
            MarksMissing = name is "products" or "product_combinations" or "customers" or "addresses" or "orders",
        };
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
internal sealed record ImportRow(long OriginId, params object?[] Values)
{
    /// <summary>A hash of the rows of other tables that belong to this one: it changes with them.</summary>
    public string? PartsHash { get; init; }
}

/// <summary>The result of a batch: local ids by ids of the shop.</summary>
internal sealed record ImportResult(
    IReadOnlyDictionary<long, long> Created, IReadOnlyDictionary<long, long> Updated, int Unchanged)
{
    public static readonly ImportResult None =
        new(new Dictionary<long, long>(), new Dictionary<long, long>(), 0);

    /// <summary>How many rows were marked because the shop no longer has them.</summary>
    public int Deleted { get; init; }

    public int Changes => Created.Count + Updated.Count + Deleted;

    public IEnumerable<long> ChangedIds => Created.Values.Concat(Updated.Values);

    /// <summary>The local id of a created or updated row.</summary>
    public bool TryGetChanged(long originId, out long id) =>
        Created.TryGetValue(originId, out id) || Updated.TryGetValue(originId, out id);
}
