using System.Data.Common;
using Dapper;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace ECommerce.Features.Orders;

/// <summary>
/// Computes the day of orders that have none yet: those of before the column, and those made here when SHOP_TIME_ZONE
/// has changed. SQL cannot: the server may know no zones. Replicas that start together do the same work twice at most.
/// </summary>
internal sealed partial class OrderDays(
    WriteTransactions transactions, DbDataSource source, SchemaState schema, ShopTimeZone zone, TimeProvider time,
    ILogger<OrderDays> logger) : BackgroundService
{
    private const int BatchSize = 1000;
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private const string Missing = """
        SELECT id, date_add
        FROM orders
        WHERE tenant_id = @slug AND local_date IS NULL
        LIMIT 1000
        """;

    // Days of a shop's orders are the shop's own.
    private const string Forget = "UPDATE orders SET local_date = NULL WHERE tenant_id = @slug AND origin_id IS NULL";

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (true)
        {
            try
            {
                if (schema.IsReady)
                {
                    await RunAsync(stoppingToken);
                    return;
                }
            }
            catch (Exception exception) when (DatabaseErrors.IsDriverError(exception))
            {
                LogRetry(exception.GetBaseException().Message);
            }
            await Task.Delay(Pause, time, stoppingToken);
        }
    }

    private async Task RunAsync(CancellationToken ct)
    {
        string[] tenants;
        string? before;
        await using (var connection = await source.OpenConnectionAsync(ct))
        {
            tenants = [.. await connection.QueryAsync<string>(
                new CommandDefinition("SELECT slug FROM tenants", cancellationToken: ct))];
            before = await connection.ExecuteScalarAsync<string?>(
                new CommandDefinition("SELECT name FROM order_day_zone WHERE id = 1", cancellationToken: ct));
        }
        foreach (var tenant in tenants)
        {
            if (before is not null && before != zone.Name)
                await WriteAsync(new Tenant(tenant), Forget, new { slug = tenant }, ct);
            while (await FillAsync(new Tenant(tenant), ct))
            {
            }
        }
        if (before == zone.Name)
            return;
        await using var tx = await transactions.BeginAsync(ct);
        await tx.ExecuteAsync("REPLACE INTO order_day_zone (id, name) VALUES (1, @Name)", new { zone.Name }, ct);
        await tx.CommitAsync(ct);
    }

    private async Task<bool> FillAsync(Tenant tenant, CancellationToken ct)
    {
        await using var connection = await source.OpenConnectionAsync(ct);
        var rows = (await connection.QueryAsync<(long Id, DateTime DateAdd)>(
            new CommandDefinition(Missing, new { slug = tenant.Slug }, cancellationToken: ct))).AsList();
        foreach (var day in rows.GroupBy(row => zone.DayOf(row.DateAdd), row => row.Id))
        {
            await WriteAsync(
                tenant,
                "UPDATE orders SET local_date = @day WHERE tenant_id = @slug AND id IN @ids AND local_date IS NULL",
                new { day = day.Key.ToDateTime(default), slug = tenant.Slug, ids = day.ToArray() }, ct);
        }
        return rows.Count == BatchSize;
    }

    private async Task WriteAsync(Tenant tenant, string sql, object parameters, CancellationToken ct)
    {
        await using var tx = await transactions.BeginAsync(ct);
        if (await tx.ExecuteAsync(sql, parameters, ct) > 0)
        {
            tx.Invalidate(
                OrdersCaching.Order.All(tenant), Tags.AnyOrder(tenant), Tags.Orders(tenant), Tags.UserOrders(tenant),
                Tags.Statistics(tenant));
        }
        await tx.CommitAsync(ct);
    }

    [LoggerMessage(
        Level = LogLevel.Warning, Message = "The days of orders could not be computed ({Reason}); trying again.")]
    private partial void LogRetry(string reason);
}
