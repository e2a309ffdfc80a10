using System.Data;
using System.Data.Common;
using System.Globalization;
using Dapper;

namespace ECommerce.Features.Statistics;

internal sealed class Statistics(DbDataSource db) : IStatistics
{
    public async Task<IReadOnlyList<SalesGroup>> SalesAsync(
        Tenant tenant, string name, SalesRange qhash, CancellationToken ct)
    {
        var sql = SalesSql.Of(name);
        var parameters = new
        {
            tenant,
            From = qhash.From.ToDateTime(default),
            To = qhash.To.ToDateTime(default),
            qhash.Currency,
        };
        await using var connection = await db.OpenConnectionAsync(ct);
        // One snapshot, so that orders, their lines and refunds are of one state.
        await using var snapshot = await connection.BeginTransactionAsync(IsolationLevel.RepeatableRead, ct);
        var orders = await QueryAsync<SalesGroup>(sql.Orders);
        var refunds = await QueryAsync<SalesGroup>(sql.Refunds);
        var vat = (await QueryAsync<VatRow>(sql.Vat)).ToLookup(
            row => (row.Key, row.Currency), row => new SalesVat(row.Rate, row.Net, row.Gross));
        return
        [
            .. orders.Concat(refunds).GroupBy(group => (group.Key, group.Currency))
                .OrderBy(group => Number(group.Key.Key)).ThenBy(group => group.Key.Key, StringComparer.Ordinal)
                .ThenBy(group => group.Key.Currency, StringComparer.Ordinal)
                .Select(group => group.Aggregate(static (sum, next) => sum.Add(next)) with
                {
                    Vat = [.. vat[(group.Key.Key!, group.Key.Currency)].OrderBy(row => row.Rate)],
                }),
        ];

        Task<IEnumerable<T>> QueryAsync<T>(string query) =>
            connection.QueryAsync<T>(new CommandDefinition(query, parameters, snapshot, cancellationToken: ct));
    }

    // Ids of states and shops are sorted as numbers, days and months as texts.
    private static long Number(string? key) =>
        long.TryParse(key, NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? id : 0;

    private sealed record VatRow(string Key, string Currency, decimal Rate, decimal Net, decimal Gross);
}
