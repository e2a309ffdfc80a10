using ECommerce.Features.Data.Entities;
using ECommerce.Features.PrestaShop.Webservice;

namespace ECommerce.Features.PrestaShop.Import;

/// <summary>Orders with their lines and the history of their states.</summary>
internal sealed class OrdersImport(SyncSession session) : EntityImport(session, "orders", ImportTable.Of<Order>(
    "orders", "customer_id", "address_delivery_id", "address_invoice_id", "carrier_id", "lang_id",
    // A local state change that is not pushed yet takes precedence over the shop.
    new ImportColumn("state_id", "IF(state_pending = 1, state_id, VALUES(state_id))"), new ImportColumn(
        "is_paid", "IF(state_pending = 1, is_paid, VALUES(is_paid))"),
    "reference", "payment", "carrier_tax_rate", "total_products", "total_products_wt", "total_discounts",
    "total_discounts_tax_excl",
    "total_shipping", "total_shipping_tax_excl", "total_paid", "total_paid_tax_excl", "date_add", "date_upd"))
{
    private sealed record State(int Id, long OriginId, bool Paid);

    private OrderHistoryImport? _history;

    protected override async Task PrepareAsync(IReadOnlyList<ShopRow> page, CancellationToken ct) =>
        _history = await OrderHistoryImport.ReadAsync(Session, page, ct);

    protected override async Task<IReadOnlyList<ImportRow>> ProjectAsync(
        WriteTransaction tx, IReadOnlyList<ShopRow> page, CancellationToken ct)
    {
        var customers = await IdsAsync(tx, "customers", page.Select(row => row.Reference("id_customer")), ct);
        var addresses = await IdsAsync(
            tx, "addresses", page.SelectMany(
                row => new[] { row.Reference("id_address_delivery"), row.Reference("id_address_invoice") }), ct);
        var carriers = await IdsAsync(tx, "carriers", page.Select(row => row.Reference("id_carrier")), ct);
        var languages = await IdsAsync(tx, "langs", page.Select(row => row.Reference("id_lang")), ct);
        var states = await StatesAsync(tx, ct);
        var rows = new List<ImportRow>(page.Count);
        foreach (var row in page)
        {
            if (Find(customers, row.Reference("id_customer")) is not { } customer)
                Session.Reject("orders", row.Id, $"Its customer {row.Long("id_customer")} is not in the shop.");
            else if (!states.TryGetValue(row.Long("current_state") ?? 0, out var state))
                Session.Reject("orders", row.Id, $"Its state {row.Long("current_state")} is not in the shop.");
            else
                rows.Add(Project(row, customer, state));
        }
        return rows;

        ImportRow Project(ShopRow row, long customer, State state) => new(
            row.Id,
            customer, Find(addresses, row.Reference("id_address_delivery")), Find(
                addresses, row.Reference("id_address_invoice")),
            Find(carriers, row.Reference("id_carrier")), Find(
                languages, row.Reference("id_lang")), state.Id, state.Paid,
            row.Text("reference", 32) ?? $"{row.Id}", row.Text("payment", 255), row.Number("carrier_tax_rate"),
            row.Money("total_products"), row.Money("total_products_wt"), row.Money(
                "total_discounts_tax_incl"), row.Money("total_discounts_tax_excl"),
            row.Money("total_shipping_tax_incl"), row.Money("total_shipping_tax_excl"), row.Money(
                "total_paid_tax_incl"), row.Money("total_paid_tax_excl"),
            row.Time("date_add") ?? DateTime.UnixEpoch, row.Time("date_upd") ?? DateTime.UnixEpoch);
    }

    protected override async Task ImportPartsAsync(
        WriteTransaction tx, IReadOnlyList<ShopRow> page, ImportResult result, CancellationToken ct)
    {
        var changed = page.Where(row => result.TryGetChanged(row.Id, out _)).ToArray();
        await OrderLinesImport.ReplaceAsync(tx, Session, changed, result, ct);
        await _history!.AddAsync(tx, result, ct);
    }

    private async Task<Dictionary<long, State>> StatesAsync(WriteTransaction tx, CancellationToken ct) =>
        (await tx.ListAsync<State>(
            "SELECT id, origin_id, paid FROM order_states WHERE tenant_id = @Tenant AND shop_id = @ShopId",
            new { Session.Tenant, Session.ShopId }, ct))
        .ToDictionary(state => state.OriginId);
}
