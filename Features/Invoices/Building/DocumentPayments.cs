using ECommerce.Features.Invoices.Characters;
using ECommerce.Features.Invoices.Documents;
using ECommerce.Features.Invoices.Requests;

namespace ECommerce.Features.Invoices.Building;

/// <summary>DatiPagamento: what is paid, and how; gift cards are a payment of their own.</summary>
internal static class DocumentPayments
{
    public static IReadOnlyList<PaymentTerms> From(InvoiceRequest request, InvoicedOrder order, decimal payable)
    {
        if (payable <= 0)
            return [];
        var settings = request.Settings;
        var details = new List<PaymentDetail>();
        var cards = request.Credits is null ? Math.Min(order.GiftCards, payable) : 0;
        if (cards > 0)
            details.Add(new PaymentDetail(settings.GiftCardPaymentCode, cards));
        var rest = payable - cards;
        var payments = order.Payments.Where(static payment => payment.Amount > 0).ToArray();
        // Payments that come to another sum tell how, but not how much, is paid for this document.
        if (payments.Length > 0 && payments.Sum(static payment => payment.Amount) == rest)
            details.AddRange(payments.Select(payment => Detail(payment.Method, payment.Amount, payment.Date)));
        else if (rest > 0)
            details.Add(Detail(payments.FirstOrDefault()?.Method ?? order.PaymentMethod, rest, null));
        return [new PaymentTerms(PaymentTerms.Complete, details)];

        PaymentDetail Detail(string? method, decimal amount, DateOnly? date)
        {
            var code = PaymentMethods.Code(method ?? order.PaymentMethod, settings);
            return new PaymentDetail(code, amount)
            {
                DueDate = date ?? order.DueDate,
                Iban = code == PaymentMethods.BankTransfer ? FieldText.Iban(settings.Seller.Iban) : null,
            };
        }
    }
}
