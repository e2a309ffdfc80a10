using System.Collections.Frozen;
using Microsoft.EntityFrameworkCore;

namespace ECommerce.Features.Addresses;

/// <summary>What an address needs of other rows, and of its country.</summary>
internal static class AddressChecks
{
    private const string Italy = "IT";
    private const int ItalianPostcodeLength = 5;

    // With those of Sardinia that were dissolved in 2016 and came back in 2025, which both occur in data of shops.
    private static readonly FrozenSet<string> Provinces = (
        "AG AL AN AO AP AQ AR AT AV BA BG BI BL BN BO BR BS BT BZ CA CB CE CH CI CL CN CO CR CS CT CZ EN FC FE FG FI "
        + "FM FR GE GO GR IM IS KR LC LE LI LO LT LU MB MC ME MI MN MO MS MT NA NO NU OG OR OT PA PC PD PE PG PI PN "
        + "PO PR PT PU PV PZ RA RC RE RG RI RM RN RO SA SI SO SP SR SS SU SV TA TE TN TO TP TR TS TV UD VA VB VC VE "
        + "VI VR VS VT VV").Split(' ').ToFrozenSet(StringComparer.Ordinal);

    /// <summary>The fields that do not fit, each with its error; customer and country stay until the commit.</summary>
    public static async Task<Dictionary<string, string[]>> InvalidAsync(
        this AddressDraft draft, ECommerceDbContext db, CancellationToken ct)
    {
        var invalid = new Dictionary<string, string[]>();
        if (!await db.Customers.Where(c => c.Id == draft.CustomerId).ExistsForShareAsync(ct))
            invalid["customer_id"] = ["There is no such customer."];
        var country = await db.Countries.Where(c => c.Id == draft.CountryId).ForShare().Select(c => c.IsoCode)
            .FirstOrDefaultAsync(ct);
        if (country is null)
            invalid["country_id"] = ["There is no such country."];
        if (country == Italy)
            CheckItalian(draft, invalid);
        return invalid;
    }

    private static void CheckItalian(AddressDraft draft, Dictionary<string, string[]> invalid)
    {
        if (draft.State is { } province && !Provinces.Contains(province))
            invalid["state"] = ["In Italy it is the code of a province, such as MI."];
        if (draft.Postcode is { } postcode
            && (postcode.Length != ItalianPostcodeLength || !postcode.All(char.IsAsciiDigit)))
        {
            invalid["postcode"] = ["In Italy it has five digits."];
        }
    }
}
