using System.Globalization;
using ECommerce.Features.Common.Settings;
using ECommerce.Features.Invoices.Documents;

namespace ECommerce.Features.Invoices.Issuing;

/// <summary>
/// Where the numbers of a tenant begin that comes from another program in the middle of a year. They are read when a
/// series begins, and have no effect on one that has begun.
/// </summary>
internal static class FirstNumbers
{
    /// <summary>The number of the first document of a year; 1 where the tenant has set none for it.</summary>
    public static async Task<int> OfYearAsync(ECommerceDbContext db, int year, CancellationToken ct) =>
        (await TenantSettings.ReadAsync(db, KnownSettings.FirstInvoiceNumber, ct))?.Split(':') is [var set, var number]
        && int.Parse(set, CultureInfo.InvariantCulture) == year
            ? int.Parse(number, CultureInfo.InvariantCulture)
            : 1;

    /// <summary>The number of the first file of a transmitter; 1 where the tenant has set none.</summary>
    public static async Task<long> OfFilesAsync(ECommerceDbContext db, CancellationToken ct) =>
        await TenantSettings.ReadAsync(db, KnownSettings.FirstFileProgressive, ct) is { } progressive
            ? InvoiceFileName.Number(progressive)
            : 1;
}
