using System.Runtime.CompilerServices;
using ECommerce.Features.PrestaShop.Webservice;

namespace ECommerce.Features.PrestaShop.Import.Orders;

/// <summary>
/// Orders with their lines, discounts, payments, refunds and the history of their states. Amounts are the shop's own.
/// </summary>
internal sealed class OrdersImport(SyncSession session) : EntityImport(session, "orders", ImportTable.Of<Order>(
    "orders", "customer_id", "address_delivery_id", "address_invoice_id", "carrier_id", "lang_id",
    new ImportColumn("state_id", FollowingTheShop("state_id")),
    new ImportColumn("is_paid", FollowingTheShop("is_paid")),
    "valid", "origin_shop_id", "reference", "payment", "module", "currency", "conversion_rate", "carrier_tax_rate",
    "total_products", "total_products_wt", "total_discounts", "total_discounts_tax_excl", "total_shipping",
    "total_shipping_tax_excl", "total_wrapping", "total_wrapping_tax_excl", "total_paid", "total_paid_tax_excl",
    "total_paid_real", "round_type", "round_mode", "invoice_number", "invoice_date", "delivery_number", "delivery_date",
    "gift", "gift_message", "local_date", "needs_sync", "warnings", "date_add", "date_upd"))
{
    private const string WithoutHash = """
        SELECT origin_id
        FROM orders
        WHERE tenant_id = @Tenant AND shop_id = @ShopId AND origin_hash IS NULL AND gone_in_shop = 0
          AND deleted_at IS NULL
        """;

    private readonly OptionalResources _shop = new(session);
    private readonly Dictionary<long, ImportedOrder> _imported = [];
    private MoneyLookups? _lookups;
    private OrderParts _parts = null!;
    private OrderHistoryImport _history = null!;

    /// <summary>
    /// The orders that changed, and then those that the shop's dates do not tell of: those that were refunded
    /// or written about, and those whose fields were changed here or whose push was cancelled.
    /// </summary>
    protected override async IAsyncEnumerable<IReadOnlyList<ShopRow>> PagesAsync(
        [EnumeratorCancellation] CancellationToken ct)
    {
        await foreach (var page in base.PagesAsync(ct))
            yield return page;
        if (Filter.Count == 0)
            yield break;

        var others = new HashSet<long>();
        await foreach (var slips in _shop.PagesAsync("order_slip", Filter, ct))
            others.UnionWith(slips.Select(slip => slip.Reference("id_order")).OfType<long>());
        await foreach (var threads in _shop.PagesAsync("customer_threads", Filter, ct))
            others.UnionWith(threads.Select(thread => thread.Reference("id_order")).OfType<long>());
        var changed = await Session.ListAsync<long>(WithoutHash, new { Session.Tenant, Session.ShopId }, ct);
        await foreach (
            var page in Session.Shop.ByIdsAsync("orders", [.. others.Union(changed).Except(Seen).Order()], ct))
        {
            yield return page;
        }
    }

    // A state that was set here and is not pushed yet takes precedence over the shop; and so does one that the shop has
    // taken since the row was read from it.
    private static string FollowingTheShop(string column) =>
        $"IF(state_pending = 1 OR COALESCE(VALUES(date_upd) < state_pushed_at, FALSE), {column}, VALUES({column}))";

    protected override async Task PrepareAsync(IReadOnlyList<ShopRow> page, CancellationToken ct)
    {
        _lookups ??= await MoneyLookups.ReadAsync(_shop, ct);
        _parts = await OrderParts.ReadAsync(_shop, _lookups, page, ct);
        _history = await OrderHistoryImport.ReadAsync(Session, _shop, page, ct);
    }

    protected override async Task<IReadOnlyList<ImportRow>> ProjectAsync(
        WriteTransaction tx, IReadOnlyList<ShopRow> page, CancellationToken ct)
    {
        _imported.Clear();
        var projection = await OrderProjection.CreateAsync(tx, Session, _lookups!, _parts, page, ct);
        var rows = new List<ImportRow>(page.Count);
        foreach (var order in page)
        {
            try
            {
                var (row, imported) = projection.Project(order);
                rows.Add(row);
                _imported[order.Id] = imported;
            }
            catch (RowRejectedException invalid)
            {
                Session.Reject("orders", order.Id, invalid.Message);
            }
        }
        return rows;
    }

    protected override async Task ImportPartsAsync(
        WriteTransaction tx, IReadOnlyList<ShopRow> page, ImportResult result, CancellationToken ct)
    {
        await new OrderPartsWriter(tx, Session.Tenant, result).ReplaceAsync(_imported, _shop, ct);
        await _history.AddAsync(tx, result, ct);
        if (result.Updated.Count > 0)
            await InvoicedOrders.WarnAsync(Session, tx, result.Updated.Values, ct);
    }
}
