using System.Data.Common;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Dapper;

namespace ECommerce.Features.Data;

/// <summary>What the SQL of lists has in common.</summary>
internal static class PageQueries
{
    /// <summary>Runs two statements in one round trip: the count, and the page of it.</summary>
    public static async ValueTask<PagedResult<T>> PageAsync<T>(
        this DbDataSource source, string sql, ListQuery query, object parameters, CancellationToken ct)
    {
        var all = new DynamicParameters(parameters);
        all.Add("Limit", query.Limit);
        all.Add("Offset", query.Offset);
        await using var connection = await source.OpenConnectionAsync(ct);
        await using var results = await connection.QueryMultipleAsync(new CommandDefinition(sql, all, cancellationToken: ct));
        var total = await results.ReadSingleAsync<long>();
        return new PagedResult<T>([.. await results.ReadAsync<T>()], total, query.Page, query.Limit);
    }

    /// <summary>Puts the order in. Names were checked against the query's own list.</summary>
    public static string Ordered(this string sql, string table, string column, string direction) =>
        string.Format(CultureInfo.InvariantCulture, sql, $"{table}.{column} {direction}, {table}.id {direction}");

    /// <summary>A pattern for LIKE that means the text itself, anywhere; null stays null.</summary>
    [return: NotNullIfNotNull(nameof(text))]
    public static string? Contained(this string? text) =>
        text is null ? null : $"%{text.Replace("\\", "\\\\").Replace("%", "\\%").Replace("_", "\\_")}%";
}
