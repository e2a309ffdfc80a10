using ECommerce.Features.Common.PersonalData;
using ECommerce.Features.Data.Entities;
using ECommerce.Features.Data.Entities.Invoices;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace ECommerce.Api.Tests.PersonalData;

public sealed class PersonalDataConventionTests(ApiFixture fixture)
{
    // Names of properties that hold something about a person, wherever they occur.
    private static readonly HashSet<string> Personal =
    [
        "Address1", "Address2", "Alias", "Body", "City", "Comment", "Company", "CustomerName", "Dni", "Email",
        "Firstname", "FiscalCode", "Iban", "Lastname", "Message", "Note", "Notes", "Other", "Pec", "Phone",
        "PhoneMobile", "Postcode", "Sdi", "Subject", "Text", "VatNumber", "Website",
    ];

    // The province of an address: elsewhere the word has other meanings.
    private static readonly HashSet<string> OfAddresses = ["State"];

    // The law demands that invoices keep the data of their customers; accounts are no customers'.
    private static readonly string[] Kept =
    [
        nameof(Invoice), nameof(InvoiceItem), nameof(InvoiceFile), nameof(InvoiceNotification), nameof(PoolEvent),
        nameof(PoolDocument), nameof(User),
    ];

    [Fact]
    public async Task Every_column_with_personal_data_is_erased_by_a_feature()
    {
        await using var db = await fixture.Services.GetRequiredService<IDbContextFactory<ECommerceDbContext>>()
            .CreateDbContextAsync(TestContext.Current.CancellationToken);
        var erased = fixture.Services.GetServices<IPersonalData>().SelectMany(feature => feature.Columns)
            .SelectMany(columns => columns.Value.Select(column => $"{columns.Key.Name}.{column}")).ToHashSet();
        var personal = db.Model.GetEntityTypes().Where(type => !Kept.Contains(type.ClrType.Name))
            .SelectMany(type => type.GetProperties().Where(property =>
                    property.ClrType == typeof(string) && (Personal.Contains(property.Name)
                        || type.ClrType == typeof(Address) && OfAddresses.Contains(property.Name)))
                .Select(property => $"{type.ClrType.Name}.{property.Name}")).ToArray();

        Assert.True(personal.Length >= 20);
        Assert.Empty(personal.Except(erased));
        // A name that no entity has would be erased by nothing.
        var existing = db.Model.GetEntityTypes().SelectMany(type => type.GetProperties()
            .Select(property => $"{type.ClrType.Name}.{property.Name}"));
        Assert.Empty(erased.Except(existing));
    }

    [Fact]
    public void A_column_belongs_to_one_feature()
    {
        var columns = fixture.Services.GetServices<IPersonalData>().SelectMany(feature => feature.Columns)
            .SelectMany(columns => columns.Value.Select(column => (columns.Key, column))).ToArray();

        Assert.NotEmpty(columns);
        Assert.Equal(columns.Length, columns.Distinct().Count());
    }
}
