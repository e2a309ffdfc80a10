using System.Collections.Frozen;

namespace ECommerce.Features.Invoices.Parties;

/// <summary>Countries by their ISO code, and what their VAT numbers begin with.</summary>
internal static class Countries
{
    public const string Italy = "IT";
    public const string SanMarino = "SM";
    public const string UnitedKingdom = "GB";

    /// <summary>Northern Ireland, in VAT numbers only: its addresses are in GB.</summary>
    public const string NorthernIreland = "XI";

    private static readonly FrozenSet<string> Union = new[]
    {
        "AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GR", "HR", "HU", "IE", "IT", "LT", "LU",
        "LV", "MT", "NL", "PL", "PT", "RO", "SE", "SI", "SK",
    }.ToFrozenSet();

    /// <summary>A country of the EU. Monaco belongs to the area of French VAT.</summary>
    public static bool IsInUnion(string country) => country == "MC" || Union.Contains(country);

    /// <summary>The ISO code of what shops and people write.</summary>
    public static string Code(string? country) => (country ?? "").Trim().ToUpperInvariant() switch
    {
        "UK" or NorthernIreland => UnitedKingdom,
        "EL" => "GR",
        var code => code,
    };

    /// <summary>The country of a VAT number's first two letters; null: they are part of the number.</summary>
    public static string? OfVatPrefix(string number, string addressCountry)
    {
        if (number.Length < 3 || !char.IsAsciiLetter(number[0]) || !char.IsAsciiLetter(number[1]))
            return null;
        return number[..2] switch
        {
            NorthernIreland => NorthernIreland,
            "EL" => "GR",
            // Swiss numbers begin with CHE.
            "CH" => null,
            var prefix when Union.Contains(prefix) || prefix is SanMarino or UnitedKingdom => prefix,
            var prefix when prefix == addressCountry => prefix,
            _ => null,
        };
    }
}
