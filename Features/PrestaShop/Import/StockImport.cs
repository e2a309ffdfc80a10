using System.Globalization;
using System.Text;
using Dapper;
using ECommerce.Features.Data.Entities;
using ECommerce.Features.PrestaShop.Webservice;

namespace ECommerce.Features.PrestaShop.Import;

/// <summary>
/// The stock of all products, in every run: it changes without the date of its product, and has none of its own. Rows
/// of several shops add up; with combinations the row of the product is the sum over them.
/// </summary>
internal sealed class StockImport(SyncSession session)
{
    public const string Resource = "stock_availables";
    private const int PageSize = 2000;
    private const int RowsPerTransaction = 500;

    private static readonly ImportTable Products = ImportTable.Of<Product>("products");
    private static readonly ImportTable Combinations = ImportTable.Of<ProductCombination>("product_combinations");

    private sealed record Known(long Id, long OriginId, int Quantity);

    public async Task RunAsync(CancellationToken ct)
    {
        session.Phase = "stock";
        var stock = await ReadAsync(ct);
        await WriteAsync(
            Products, stock.Where(row => row.Key.Combination == 0)
                .ToDictionary(row => row.Key.Product, row => row.Value), ct);
        // The ids of combinations are unique in the shop.
        await WriteAsync(
            Combinations, stock.Where(row => row.Key.Combination != 0).GroupBy(row => row.Key.Combination)
                .ToDictionary(group => group.Key, group => group.Sum(row => row.Value)), ct);
    }

    private async Task<Dictionary<(long Product, long Combination), long>> ReadAsync(CancellationToken ct)
    {
        var stock = new Dictionary<(long, long), long>();
        await foreach (var page in session.Shop.PagesAsync(Resource, new Dictionary<string, string>(), ct, PageSize))
        {
            foreach (var row in page)
            {
                try
                {
                    var key = (row.Long("id_product") ?? 0, row.Long("id_product_attribute") ?? 0);
                    stock[key] = stock.GetValueOrDefault(key) + (row.Int("quantity") ?? 0);
                }
                catch (RowRejectedException rejection)
                {
                    session.Reject(Resource, row.Id, rejection.Message);
                }
            }
        }
        return stock;
    }

    // Compared by value: a quantity that was changed here follows the shop again.
    private async Task WriteAsync(
        ImportTable table, Dictionary<long, long> stock, CancellationToken ct)
    {
        var known = await session.ListAsync<Known>(
            $"""
            SELECT id, origin_id, quantity
            FROM {table.Name}
            WHERE tenant_id = @Tenant AND shop_id = @ShopId AND origin_id IS NOT NULL
            """,
            new { session.Tenant, session.ShopId }, ct);
        var changed = known
            .Where(row => stock.TryGetValue(row.OriginId, out var quantity) && quantity != row.Quantity)
            .Select(row => (row.Id, row.OriginId, Quantity: (int)Math.Clamp(
                stock[row.OriginId], int.MinValue, int.MaxValue)))
            .ToArray();
        foreach (var chunk in changed.Chunk(RowsPerTransaction))
            await session.WritePageAsync(0, tx => WriteAsync(tx, table, chunk, ct), ct);
    }

    private async Task<ImportResult> WriteAsync(
        WriteTransaction tx, ImportTable table, (long Id, long OriginId, int Quantity)[] rows, CancellationToken ct)
    {
        var parameters = new DynamicParameters(new { session.Tenant, ids = rows.Select(row => row.Id) });
        var quantities = new StringBuilder();
        for (var i = 0; i < rows.Length; i++)
        {
            quantities.Append(CultureInfo.InvariantCulture, $" WHEN @id{i} THEN @quantity{i}");
            parameters.Add($"id{i}", rows[i].Id);
            parameters.Add($"quantity{i}", rows[i].Quantity);
        }
        await tx.ExecuteAsync(
            $"""
            UPDATE {table.Name}
            SET quantity = CASE id{quantities} END, row_version = row_version + 1
            WHERE tenant_id = @Tenant AND id IN @ids
            """,
            parameters, ct);
        if (table == Combinations)
            await CombinationsImport.MoveProductsAsync(tx, session.Tenant, rows.Select(row => row.Id), ct);
        foreach (var row in await table.RowsAsync(
            tx.Db, session.ShopId, [.. rows.Select(row => row.OriginId)], ct))
        {
            tx.AddTagsOf(row);
        }
        return ImportResult.None with { Updated = rows.ToDictionary(row => row.OriginId, row => row.Id) };
    }
}
