using ECommerce.Features.Common.PersonalData;
using ECommerce.Features.Data.Entities;
using Microsoft.EntityFrameworkCore;

namespace ECommerce.Features.Customers;

/// <summary>The customer and its addresses. The country stays: statistics and taxes need it.</summary>
internal sealed class CustomerPersonalData : IPersonalData
{
    public IReadOnlyDictionary<Type, IReadOnlyList<string>> Columns { get; } =
        new Dictionary<Type, IReadOnlyList<string>>
        {
            [typeof(Customer)] =
            [
                nameof(Customer.Firstname), nameof(Customer.Lastname), nameof(Customer.Email),
                nameof(Customer.Company), nameof(Customer.Website), nameof(Customer.Notes),
            ],
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
        var rows = tx.Db.Rows<Customer>().Where(c => c.Id == customer.Id);
        Erase(await rows.ForUpdate().SingleAsync(ct), customer);
        var addresses = await tx.Db.Rows<Address>().Where(a => a.CustomerId == customer.Id).ForUpdate()
            .ToListAsync(ct);
        foreach (var address in addresses)
            Erase(address, customer.Now);
        await tx.ForgetResponsesAsync(
            [$"/api/v1/customers/{customer.Id}", .. addresses.Select(address => $"/api/v1/addresses/{address.Id}")],
            ct);
    }

    private static void Erase(Customer row, ErasedCustomer customer)
    {
        row.Firstname = row.Lastname = ErasedCustomer.Text;
        // Of a domain that no mail reaches (RFC 2606).
        row.Email = $"erased-{customer.Id}@erased.invalid";
        row.Company = row.Website = row.Notes = null;
        row.Newsletter = row.Optin = row.Active = false;
        row.ErasedAt ??= customer.Now;
        row.DateUpd = customer.Now;
    }

    private static void Erase(Address row, DateTime now)
    {
        row.Firstname = row.Lastname = row.Address1 = row.City = ErasedCustomer.Text;
        row.Alias = row.Company = row.VatNumber = row.Dni = row.Address2 = row.Postcode = row.State = null;
        row.Phone = row.PhoneMobile = row.Pec = row.Sdi = row.Other = null;
        row.DateUpd = now;
    }
}
