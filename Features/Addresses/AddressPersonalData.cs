using ECommerce.Features.Common.PersonalData;
using ECommerce.Features.Data.Entities;
using Microsoft.EntityFrameworkCore;

namespace ECommerce.Features.Addresses;

/// <summary>
/// The addresses of a customer, also those that only orders have. The country stays: statistics and taxes need it.
/// </summary>
internal sealed class AddressPersonalData : IPersonalData
{
    public IReadOnlyDictionary<Type, IReadOnlyList<string>> Columns { get; } =
        new Dictionary<Type, IReadOnlyList<string>>
        {
            [typeof(Address)] =
            [
                nameof(Address.Alias), nameof(Address.Company), nameof(Address.Firstname), nameof(Address.Lastname),
                nameof(Address.VatNumber), nameof(Address.Dni), nameof(Address.Address1), nameof(Address.Address2),
                nameof(Address.Postcode), nameof(Address.City), nameof(Address.State), nameof(Address.Phone),
                nameof(Address.PhoneMobile), nameof(Address.Pec), nameof(Address.Sdi), nameof(Address.Other),
            ],
        };

    public async Task EraseAsync(WriteTransaction tx, ErasedCustomer customer, CancellationToken ct)
    {
        var addresses = await tx.Db.Rows<Address>().Where(a => a.CustomerId == customer.Id).ForUpdate()
            .ToListAsync(ct);
        foreach (var address in addresses)
            Erase(address, customer.Now);
        await tx.ForgetResponsesAsync([.. addresses.Select(address => $"/api/v1/addresses/{address.Id}")], ct);
    }

    private static void Erase(Address row, DateTime now)
    {
        row.Firstname = row.Lastname = row.Address1 = row.City = ErasedCustomer.Text;
        row.Alias = row.Company = row.VatNumber = row.Dni = row.Address2 = row.Postcode = row.State = null;
        row.Phone = row.PhoneMobile = row.Pec = row.Sdi = row.Other = null;
        row.DateUpd = now;
    }
}
