using ECommerce.Features.Data.Entities.Invoices;
using ECommerce.Features.Invoices.Parties;
using ECommerce.Features.Invoices.Pricing;
using ECommerce.Features.Invoices.Requests;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace ECommerce.Features.Invoices.Issuing;

/// <summary>What is left of an invoice after its credit notes.</summary>
internal sealed class CreditableParts
{
    // By the line of the order: invoiced, and taken back before.
    private readonly Dictionary<long, (int Invoiced, int Credited)> _lines;
    private readonly decimal _shipping;
    private readonly decimal _wrapping;
    private readonly bool _isUntouched;

    private CreditableParts(
        Dictionary<long, (int Invoiced, int Credited)> lines, decimal shipping, decimal wrapping, bool isUntouched) =>
        (_lines, _shipping, _wrapping, _isUntouched) = (lines, shipping, wrapping, isUntouched);

    public static async Task<CreditableParts> ReadAsync(
        ECommerceDbContext db, Invoice invoice, InvoiceRequest request, CancellationToken ct)
    {
        var notes = await db.Invoices.Where(i => i.InvoiceId == invoice.Id)
            .Select(i => new { i.Id, i.CreditedShipping, i.CreditedWrapping }).ToListAsync(ct);
        long[] documents = [invoice.Id, .. notes.Select(static note => note.Id)];
        var items = await db.Rows<InvoiceItem>().Where(item => documents.Contains(item.InvoiceId)).ToListAsync(ct);
        var lines = items.GroupBy(static item => item.OrderLineId).ToDictionary(
            static group => group.Key,
            group => (
                group.Where(item => item.InvoiceId == invoice.Id).Sum(static item => item.Quantity),
                group.Where(item => item.InvoiceId != invoice.Id).Sum(static item => item.Quantity)));
        var whole = Items(request);
        return new CreditableParts(
            lines, Gross(ItemKind.Shipping) - notes.Sum(static note => note.CreditedShipping),
            Gross(ItemKind.Wrapping) - notes.Sum(static note => note.CreditedWrapping), notes.Count == 0);

        decimal Gross(ItemKind kind) =>
            Money.Round(whole.Where(item => item.Kind == kind).Sum(static item => item.Gross));
    }

    /// <summary>The parts that a draft asks for; or why they cannot be taken back.</summary>
    public (InvoicedRefund? Refund, ProblemHttpResult? Problem) Choose(CreditNoteDraft draft)
    {
        if (draft is { Lines: null or [], Shipping: null or 0, Wrapping: null or 0 })
            return Rest();
        var (lines, invalid) = (new List<RefundedLine>(), new Dictionary<string, string[]>());
        foreach (var (index, part) in (draft.Lines ?? []).Index())
        {
            if (!_lines.TryGetValue(part.OrderLineId, out var line) || line.Invoiced == 0)
            {
                invalid[$"lines[{index}].order_line_id"] = ["The invoice has no such line."];
                continue;
            }
            var left = line.Invoiced - line.Credited;
            if (part.Quantity > left)
                return (null, Beyond($"Of line {part.OrderLineId} {left} pieces are left."));
            lines.Add(new RefundedLine(part.OrderLineId, part.Quantity) { CreditedBefore = line.Credited });
        }
        if (invalid.Count > 0)
            return (null, Problems.Invalid(invalid));
        if (draft.Shipping > _shipping)
            return (null, Beyond(FormattableString.Invariant($"Of the shipping {_shipping} are left.")));
        if (draft.Wrapping > _wrapping)
            return (null, Beyond(FormattableString.Invariant($"Of the wrapping {_wrapping} are left.")));
        return (
            new InvoicedRefund(lines) { Shipping = draft.Shipping ?? 0, Wrapping = draft.Wrapping ?? 0 }, null);
    }

    /// <summary>Whether a refund is the whole invoice, which is credited as it was made.</summary>
    public bool IsWhole(InvoicedRefund refund) => _isUntouched && refund.Shipping == _shipping
        && refund.Wrapping == _wrapping && refund.Lines.Count == _lines.Count
        && refund.Lines.All(part => part.Quantity == _lines[part.Line].Invoiced);

    private (InvoicedRefund? Refund, ProblemHttpResult? Problem) Rest()
    {
        RefundedLine[] lines =
        [
            .. _lines.Where(static line => line.Value.Invoiced > line.Value.Credited).Select(static line =>
                new RefundedLine(line.Key, line.Value.Invoiced - line.Value.Credited)
                {
                    CreditedBefore = line.Value.Credited,
                }),
        ];
        return lines.Length == 0 && _shipping <= 0 && _wrapping <= 0
            ? (null, Beyond("Nothing is left of the invoice."))
            : (new InvoicedRefund(lines) { Shipping = _shipping, Wrapping = _wrapping }, null);
    }

    private static ProblemHttpResult Beyond(string detail) => Problems.Conflict("beyond_invoice", detail);

    // As the invoice has them: vouchers lower what they lowered.
    private static IReadOnlyList<PricedItem> Items(InvoiceRequest request)
    {
        var country = Countries.Code(request.Buyer.DeliveryCountry ?? request.Buyer.Address.Country);
        var taxations = new Taxations(request.Settings, BuyerIdentity.From(request.Buyer), country);
        var items = OrderItems.From(request.Order.InEuro(), request.Settings, taxations);
        return CreditItems.From(items, null).Items;
    }
}
