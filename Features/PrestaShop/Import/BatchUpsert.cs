using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using Dapper;
using ECommerce.Features.PrestaShop.Webservice;

namespace ECommerce.Features.PrestaShop.Import;

/// <summary>
/// Upserts a batch of a shop's rows. A row is identified by (shop, id in the shop), and a change is detected by a hash
/// of the shop's values: an unchanged row is not written, so its row_version stays and nothing is invalidated.
/// </summary>
internal static partial class BatchUpsert
{
    // Set by properties, not by constructor: ids are INT in small tables and BIGINT in large ones.
    private sealed record Known
    {
        public long Id { get; init; }
        public long OriginId { get; init; }
        public byte[]? OriginHash { get; init; }
    }

    public static async Task<ImportResult> ImportAsync(
        this WriteTransaction tx, Tenant tenant, int shopId, ImportTable table, IReadOnlyList<ImportRow> rows,
        CancellationToken ct)
    {
        if (rows.Count == 0)
            return ImportResult.None;
        var known = (await tx.ListAsync<Known>(
            $"""
            SELECT id, origin_id, origin_hash FROM {table.Name}
            WHERE tenant_id = @tenant AND shop_id = @shopId AND origin_id IN @origins FOR UPDATE
            """,
            new { tenant, shopId, origins = rows.Select(row => row.OriginId) }, ct)).ToDictionary(row => row.OriginId);

        var hashes = rows.ToDictionary(row => row.OriginId, Hash);
        var changed = rows.Where(
            row =>
                !known.TryGetValue(row.OriginId, out var before)
                    || !hashes[row.OriginId].AsSpan().SequenceEqual(before.OriginHash)).ToArray();
        if (changed.Length == 0)
            return ImportResult.None with { Unchanged = rows.Count };

        var origins = changed.Select(row => row.OriginId).ToArray();
        await AddTagsAsync([.. origins.Where(known.ContainsKey)]);
        await WriteAsync(tx, tenant, shopId, table, changed, known.ContainsKey, hashes, ct);
        await AddTagsAsync(origins);
        var updated = changed.Where(row => known.ContainsKey(row.OriginId))
            .ToDictionary(row => row.OriginId, row => known[row.OriginId].Id);
        var created = await tx.LocalIdsAsync(
            table.Name, tenant, shopId, changed.Select(row => row.OriginId)
                .Where(origin => !known.ContainsKey(origin)), ct);
        return new ImportResult(created, updated, rows.Count - changed.Length);

        // As the rows were and as they are.
        async Task AddTagsAsync(long[] of)
        {
            foreach (var row in of.Length == 0 ? [] : await table.RowsAsync(tx.Db, shopId, of, ct))
                tx.AddTagsOf(row);
        }
    }

    /// <summary>Local ids by ids of the shop; rows that were not imported are absent.</summary>
    public static async Task<IReadOnlyDictionary<long, long>> LocalIdsAsync(
        this WriteTransaction tx, string table, Tenant tenant, int shopId, IEnumerable<long> origins,
        CancellationToken ct)
    {
        var wanted = origins.Distinct().ToArray();
        if (wanted.Length == 0)
            return new Dictionary<long, long>();
        var rows = await tx.ListAsync<Known>(
            $"""
            SELECT id, origin_id FROM {table}
            WHERE tenant_id = @tenant AND shop_id = @shopId AND origin_id IN @wanted
            """,
            new { tenant, shopId, wanted }, ct);
        return rows.ToDictionary(row => row.OriginId, row => row.Id);
    }

    /// <summary>Inserts rows with one statement.</summary>
    public static async Task InsertAllAsync(
        this WriteTransaction tx, string insert, int columns, IReadOnlyCollection<object?[]> rows, string suffix,
        CancellationToken ct)
    {
        if (rows.Count == 0)
            return;
        var sql = new StringBuilder(insert).Append(" VALUES ");
        var parameters = new DynamicParameters();
        var row = 0;
        foreach (var values in rows)
        {
            sql.Append(row == 0 ? "(" : ",(");
            for (var column = 0; column < columns; column++)
            {
                var name = string.Create(CultureInfo.InvariantCulture, $"p{row}_{column}");
                sql.Append(column == 0 ? "@" : ",@").Append(name);
                parameters.Add(name, values[column]);
            }
            sql.Append(')');
            row++;
        }
        try
        {
            await tx.ExecuteAsync(sql.Append(suffix).ToString(), parameters, ct);
        }
        catch (Exception failure) when (DatabaseErrors.IsUnstorable(failure))
        {
            throw Rejection(failure, insert, rows);
        }
    }

    /// <summary>
    /// Names the column and the value that it cannot hold: the server tells the column and the number of the row.
    /// </summary>
    private static RowRejectedException Rejection(
        Exception failure, string insert, IReadOnlyCollection<object?[]> rows)
    {
        var message = DatabaseErrors.MessageOf(failure);
        if (Place().Match(message) is not { Success: true } place)
            return new RowRejectedException(message);
        var columns = insert[(insert.IndexOf('(', StringComparison.Ordinal) + 1)..].TrimEnd(')')
            .Split(',', StringSplitOptions.TrimEntries);
        var column = place.Groups["column"].Value;
        var row = int.Parse(place.Groups["row"].Value, CultureInfo.InvariantCulture);
        return Array.IndexOf(columns, column) is >= 0 and var index && row >= 1 && row <= rows.Count
            ? RowRejectedException.Unreadable(
                column, Convert.ToString(rows.ElementAt(row - 1)[index], CultureInfo.InvariantCulture) ?? "",
                "cannot be stored")
            : new RowRejectedException(message);
    }

    // New rows by a plain INSERT: with ON DUPLICATE KEY UPDATE the server locks the gaps of the unique key too, and the
    // imports of neighbouring shops into an empty table block each other.
    private static async Task WriteAsync(
        WriteTransaction tx, Tenant tenant, int shopId, ImportTable table, ImportRow[] rows, Func<long, bool> isKnown,
        Dictionary<long, byte[]> hashes, CancellationToken ct)
    {
        var columns = string.Join(", ", table.Columns.Select(column => column.Name));
        var insert = $"INSERT INTO {table.Name} (tenant_id, shop_id, origin_id, origin_hash, {columns})";
        foreach (var group in rows.GroupBy(row => isKnown(row.OriginId)))
        {
            await tx.InsertAllAsync(
                insert, table.Columns.Length + 4,
                [.. group.Select(
                    row => (object?[])[tenant.Slug, shopId, row.OriginId, hashes[row.OriginId], .. row.Values])],
                !group.Key ? "" : $"""
                     ON DUPLICATE KEY UPDATE origin_hash = VALUES(origin_hash), {table.Assignments},
                                             row_version = row_version + 1
                    """,
                ct);
        }
    }

    private static byte[] Hash(ImportRow row)
    {
        var text = new StringBuilder();
        foreach (var value in row.PartsHash is { } parts ? row.Values.Append(parts) : row.Values)
        {
            var part = value switch
            {
                null => null,
                decimal number => number.ToString("0.######", CultureInfo.InvariantCulture),
                DateTime time => time.ToString("O", CultureInfo.InvariantCulture),
                IFormattable other => other.ToString(null, CultureInfo.InvariantCulture),
                _ => value.ToString(),
            };
            text.Append(part is null ? "-" : string.Create(CultureInfo.InvariantCulture, $"{part.Length}:{part}"))
                .Append(';');
        }
        return SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString()))[..16];
    }

    [GeneratedRegex(@"column ('.*'\.)?[`'](?<column>\w+)[`'] at row (?<row>\d+)")]
    private static partial Regex Place();
}
