using ECommerce.Features.Data.Entities;
using ECommerce.Features.PrestaShop.Import.Orders;
using ECommerce.Features.PrestaShop.Webservice;

namespace ECommerce.Features.PrestaShop.Import;

/// <summary>
/// Addresses of customers; those of suppliers and manufacturers are skipped. Deleted addresses are imported too: orders
/// still refer to them.
/// </summary>
internal sealed class AddressesImport(SyncSession session) : EntityImport(session, "addresses", ImportTable.Of<Address>(
    "addresses", "customer_id", "country_id", "alias", "company", "firstname", "lastname", "vat_number", "dni",
    "address1", "address2", "postcode", "city", "state",
    "phone", "phone_mobile", "pec", "sdi", "other", "date_add", "date_upd", ImportColumn.DeletedAt))
{
    private Dictionary<long, (string? Iso, long? Country)>? _provinces;

    protected override async Task PrepareAsync(IReadOnlyList<ShopRow> page, CancellationToken ct)
    {
        if (_provinces is not null || page.All(row => row.Reference("id_state") is null))
            return;
        if (await Session.Shop.AllIfAllowedAsync("states", ct) is not { } states)
        {
            Session.Warn("states", 0, "The shop does not let the key read them: addresses are imported without.");
            _provinces = [];
            return;
        }
        _provinces = states.ToDictionary(row => row.Id, row => (row.Text("iso_code", 64), row.Reference("id_country")));
    }

    protected override async Task<IReadOnlyList<ImportRow>> ProjectAsync(
        WriteTransaction tx, IReadOnlyList<ShopRow> page, CancellationToken ct)
    {
        var customers = await IdsAsync(tx, "customers", page.Select(row => row.Reference("id_customer")), ct);
        var countries = await IdsAsync(tx, "countries", page.Select(row => row.Reference("id_country")), ct);
        var erased = await tx.ErasedCustomersAsync(
            Session.Tenant, Session.ShopId, page.Select(row => row.Reference("id_customer")).OfType<long>(), ct);
        var rows = new List<ImportRow>(page.Count);
        foreach (var row in page)
        {
            if (row.Reference("id_customer") is not { } owner || erased.Contains(owner))
                continue;
            if (Find(customers, row.Reference("id_customer")) is not { } customer)
            {
                Session.Reject("addresses", row.Id, $"Its customer {row.Long("id_customer")} is not in the shop.");
                continue;
            }
            rows.Add(new ImportRow(
                row.Id,
                customer, Find(countries, row.Reference("id_country")), row.Text("alias", 64), row.Text(
                    "company", 255), row.Text("firstname", 255) ?? "",
                row.Text("lastname", 255)
                    ?? "", row.Text("vat_number", 32), row.Text("dni", 32), row.Text("address1", 255)
                    ?? "", row.Text("address2", 255),
                row.Text("postcode", 16), row.Text("city", 128)
                    ?? "", Province(row), row.Text("phone", 32), row.Text("phone_mobile", 32),
                // Not fields of the PrestaShop core: some modules add them.
                row.Text("pec", 255), row.Text("sdi", 7), row.Text("other", 512),
                row.Time("date_add") ?? DateTime.UnixEpoch, row.Time("date_upd") ?? DateTime.UnixEpoch,
                row.Flag("deleted") ? row.Time("date_upd") ?? DateTime.UnixEpoch : null));
        }
        return rows;
    }

    protected override async Task ImportPartsAsync(
        WriteTransaction tx, IReadOnlyList<ShopRow> page, ImportResult result, CancellationToken ct)
    {
        if (result.Updated.Count > 0)
            await InvoicedOrders.WarnOfAddressesAsync(Session, tx, result.Updated.Values, ct);
    }

    // The code of a province, as "MI". A state of another country than the address is an error of the shop.
    private string? Province(ShopRow row) =>
        row.Reference("id_state") is { } state && _provinces?.TryGetValue(state, out var province) == true
        && (province.Country is null || province.Country == row.Reference("id_country"))
            ? province.Iso
            : null;
}
