using System.Text.RegularExpressions;

namespace ECommerce.Features.Invoices.Documents;

/// <summary>
/// Names of invoice files: <c>IT01234567897_00001.xml</c>. A name that the SDI has seen is used for ever, also where
/// the file was discarded, and whatever its case.
/// </summary>
internal static partial class InvoiceFileName
{
    private const string Digits = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";
    private const int MaxDigits = 5;

    /// <summary>How many names a sender has.</summary>
    public const long Count = 36L * 36 * 36 * 36 * 36;

    public static string Create(TaxNumber sender, string progressive) =>
        $"{sender.Country}{sender.Code}_{progressive}.xml";

    public static bool IsValid(string name) => Form().IsMatch(name);

    /// <summary>The name without extensions, in capitals: what notifications and duplicates are matched by.</summary>
    public static string Stem(string name)
    {
        var file = name[(name.LastIndexOfAny(['/', '\\']) + 1)..];
        var dot = file.IndexOf('.', StringComparison.Ordinal);
        return (dot < 0 ? file : file[..dot]).ToUpperInvariant();
    }

    /// <summary>The progressive of a file's number: five digits to the base 36.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Negative, or there are no more names.</exception>
    public static string Progressive(long number)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(number);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(number, Count);
        return string.Create(MaxDigits, number, static (digits, rest) =>
        {
            for (var i = digits.Length - 1; i >= 0; i--, rest /= Digits.Length)
                digits[i] = Digits[(int)(rest % Digits.Length)];
        });
    }

    /// <summary>The number of a progressive, the inverse of <see cref="Progressive"/>.</summary>
    /// <param name="progressive">Digits and capital letters.</param>
    public static long Number(string progressive) =>
        progressive.Aggregate(0L, static (number, digit) =>
            number * Digits.Length + Digits.IndexOf(digit, StringComparison.Ordinal));

    [GeneratedRegex(@"^[A-Z]{2}[A-Za-z0-9]{1,28}_[A-Za-z0-9]{1,5}\.(xml|XML|xml\.p7m|XML\.P7M)\z")]
    private static partial Regex Form();
}
