using System.Text.RegularExpressions;

namespace ECommerce.Features.Invoices.Characters;

/// <summary>E-mail addresses as the SDI accepts them: 7 to 256 characters of ASCII.</summary>
internal static partial class EmailAddress
{
    public static bool IsValid(string address) => address.Length is >= 7 and <= 256 && Form().IsMatch(address);

    [GeneratedRegex(
        @"^[!#-'*+/-9=?A-Z^-~-]+(\.[!#-'*+/-9=?A-Z^-~-]+)*@([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z0-9-]{2,}\z",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Form();
}
