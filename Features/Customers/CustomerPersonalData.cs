using ECommerce.Features.Common.PersonalData;
using ECommerce.Features.Data.Entities;
using Microsoft.EntityFrameworkCore;

namespace ECommerce.Features.Customers;

/// <summary>The customer itself.</summary>
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
        };

    public async Task EraseAsync(WriteTransaction tx, ErasedCustomer customer, CancellationToken ct)
    {
        var rows = tx.Db.Rows<Customer>().Where(c => c.Id == customer.Id);
        Erase(await rows.ForUpdate().SingleAsync(ct), customer);
        await tx.ForgetResponsesAsync([$"/api/v1/customers/{customer.Id}"], ct);
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
}
