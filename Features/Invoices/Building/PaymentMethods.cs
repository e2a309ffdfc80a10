using ECommerce.Features.Invoices.Requests;

namespace ECommerce.Features.Invoices.Building;

/// <summary>ModalitaPagamento for what shops call their payment methods.</summary>
internal static class PaymentMethods
{
    public const string BankTransfer = "MP05";

    // The first word that occurs decides: "Bonifico (PayPal)" does not exist, "Contrassegno con carta" does.
    private static readonly (string Word, string Code)[] Words =
    [
        ("contrassegno", "MP01"), ("cash", "MP01"), ("contanti", "MP01"), ("cod", "MP01"),
        ("bonifico", BankTransfer), ("wire", BankTransfer), ("bank transfer", BankTransfer),
        ("assegno", "MP02"), ("cheque", "MP02"), ("check", "MP02"), ("bollettino", "MP18"), ("riba", "MP12"),
        ("sepa", "MP19"), ("mav", "MP13"), ("pagopa", "MP23"),
    ];

    public static string Code(string? method, InvoiceSettings settings)
    {
        var name = (method ?? "").Trim();
        if (settings.PaymentCodes.TryGetValue(name, out var stated))
            return stated;
        if (IsCode(name))
            return name.ToUpperInvariant();
        var found = Words.FirstOrDefault(word => Contains(name, word.Word));
        return found.Code ?? settings.DefaultPaymentCode;
    }

    public static bool IsCode(string text) => text.Length == 4
        && text.StartsWith("MP", StringComparison.OrdinalIgnoreCase)
        && int.TryParse(text.AsSpan(2), out var number) && number is >= 1 and <= 23;

    // Short words only by themselves: "cod" is also a part of others.
    private static bool Contains(string name, string word) => word.Length > 4
        ? name.Contains(word, StringComparison.OrdinalIgnoreCase)
        : name.Split([' ', '-', '_', '(', ')', '/', '.'])
            .Any(part => part.Equals(word, StringComparison.OrdinalIgnoreCase));
}
