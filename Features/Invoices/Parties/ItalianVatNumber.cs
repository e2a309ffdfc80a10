namespace ECommerce.Features.Invoices.Parties;

/// <summary>Partita IVA: eleven digits, the last one computed from the others.</summary>
internal static class ItalianVatNumber
{
    private const int Length = 11;

    public static bool HasForm(string number) => number.Length == Length && number.All(char.IsAsciiDigit);

    public static bool IsValid(string number)
    {
        if (!HasForm(number) || number.All(static digit => digit == '0'))
            return false;
        var sum = 0;
        for (var i = 0; i < Length - 1; i++)
        {
            var digit = number[i] - '0';
            // Every second digit is doubled; of two digits the sum counts.
            sum += i % 2 == 0 ? digit : digit > 4 ? (digit * 2) - 9 : digit * 2;
        }
        return number[^1] - '0' == (10 - (sum % 10)) % 10;
    }
}
