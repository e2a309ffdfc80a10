using ECommerce.Features.Data.Entities.Invoices;
using ECommerce.Features.Invoices.Issuing;
using ECommerce.Features.Invoices.Lifecycle;
using ECommerce.Features.Invoices.Storage;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace ECommerce.Features.Invoices.Sending;

/// <summary>Whether a locked invoice may be sent now.</summary>
internal sealed class SendRules(InvoiceIssuer issuer, ShopTimeZone zone)
{
    /// <summary>Why it may not; null: it may.</summary>
    public ProblemHttpResult? Refusal(Invoice invoice, DateTime now, HttpContext http)
    {
        var life = invoice.Life();
        switch (ResendAdvice.For(life, issuer.Today, zone.Zone).Kind)
        {
            case ResendKind.Issued:
                return SendProblems.Issued(invoice.Reference);
            case ResendKind.Wait:
                return SendProblems.Waiting(invoice.Reference);
            case ResendKind.LookUpFirst:
                if (life.Files is not [.., { Outcome: FileOutcome.Uncertain } uncertain])
                    return SendProblems.Duplicate(invoice.Reference, life);
                var sent = invoice.Files.Single(file => uncertain.Has(file.Name)).SentAt ?? now;
                return sent + SendAttempt.Resolution is var end && end > now
                    ? SendProblems.Unresolved(invoice.Reference, http, end - now)
                    : null;
            default:
                return null;
        }
    }

    /// <summary>
    /// The files that the SDI has discarded for their names (00002), where nothing else keeps the invoice from being
    /// sent: no file is on its way, and the SDI does not have its number.
    /// </summary>
    public static IReadOnlyList<DuplicateFile> Duplicates(Invoice invoice)
    {
        var life = invoice.Life();
        if (life.State != InvoiceState.Sent
            || life.Files.Any(static file => file.IsOpen || file.IsDuplicateInvoice))
        {
            return [];
        }
        return
        [
            .. life.Files.Where(static file => file.IsDuplicate)
                .Select(file => invoice.Files.Single(row => file.Has(row.Name)))
                .Select(static row => new DuplicateFile(row.Name, row.Sha256, row.SdiId)),
        ];
    }
}
