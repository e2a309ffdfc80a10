using ECommerce.Features.Data.Entities;
using ECommerce.Features.PrestaShop.Webservice;

namespace ECommerce.Features.PrestaShop.Import;

/// <summary>
/// Customers including guests: an e-mail address is not unique in a shop. Their credentials are never read.
/// </summary>
internal sealed class CustomersImport(SyncSession session) : EntityImport(
    session, "customers", ImportTable.Of<Customer>(
    "customers", "firstname", "lastname", "email", "company", "website", "newsletter", "optin", "is_guest", "active",
    "customer_group", "lang_id", "date_add", "date_upd", ImportColumn.DeletedAt))
{
    protected override async Task<IReadOnlyList<ImportRow>> ProjectAsync(
        WriteTransaction tx, IReadOnlyList<ShopRow> page, CancellationToken ct)
    {
        var languages = await IdsAsync(tx, "langs", page.Select(row => row.Reference("id_lang")), ct);
        var erased = await tx.ErasedCustomersAsync(Session.Tenant, Session.ShopId, page.Select(row => row.Id), ct);
        return
        [
            .. page.Where(row => !erased.Contains(row.Id)).Select(row => new ImportRow(
                row.Id,
                row.Text("firstname", 255) ?? "", row.Text("lastname", 255) ?? "", row.Text("email", 255)
                    ?? "", row.Text("company", 255), row.Text("website", 255),
                row.Flag("newsletter"), row.Flag("optin"), row.Flag("is_guest"), row.Flag("active"),
                Session.Groups.GetValueOrDefault(row.Long("id_default_group") ?? 0), Find(
                    languages, row.Reference("id_lang")),
                row.Time("date_add") ?? DateTime.UnixEpoch, row.Time("date_upd") ?? DateTime.UnixEpoch,
                row.Flag("deleted") ? row.Time("date_upd") ?? DateTime.UnixEpoch : null)),
        ];
    }
}
