using System.Globalization;
using ECommerce.Features.Invoices.Channel;
using ECommerce.Features.Invoices.Lifecycle;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace ECommerce.Features.Invoices.Sending;

/// <summary>Why an invoice is not sent.</summary>
internal static class SendProblems
{
    public static readonly TimeSpan DefaultPause = TimeSpan.FromSeconds(30);

    public static ProblemHttpResult Issued(string reference) => Problems.Conflict(
        "invoice_issued", $"The SDI has accepted invoice {reference}: it is not sent again.");

    public static ProblemHttpResult Waiting(string reference) => Problems.Conflict(
        "invoice_awaits_answer", $"Invoice {reference} was sent, and the answer of the SDI is to come.");

    public static ProblemHttpResult Unresolved(string reference, HttpContext http, TimeSpan wait)
    {
        RetryAfter(http, wait);
        return Problems.Conflict(
            "sending_in_progress",
            $"Invoice {reference} is being sent, or it is not known yet whether the provider has got it. "
            + "It is looked up at the provider.");
    }

    /// <summary>
    /// The SDI has discarded the invoice for its number (00404), or for the name of its file (00002), and accepted none
    /// of its files as far as is known.
    /// </summary>
    public static ProblemHttpResult Duplicate(string reference, InvoiceLife life) =>
        life.Files.Any(static file => file.IsDuplicateInvoice)
            ? Problems.Conflict(
                "invoice_number_used",
                $"The SDI has an invoice {reference} of this seller already (00404). Where it is not this one, the "
                + "first number of the year is to be set beyond the numbers that another program has used.")
            : Problems.Conflict(
                "invoice_awaits_answer",
                $"The SDI has got a file of invoice {reference} before (00002), and its answer about that one is to "
                + "come.");

    /// <summary>What was corrected would make another invoice.</summary>
    public static ProblemHttpResult AmountsChanged(string reference) => Problems.Conflict(
        "invoice_amounts_changed",
        $"With the present data of customer and seller, invoice {reference} would have other amounts. Only what does "
        + "not change them can be corrected.");

    /// <summary>The outcome of an attempt that did not send the file.</summary>
    public static ProblemHttpResult Of(SendOutcome outcome, string setting, HttpContext http)
    {
        var message = outcome.Message ?? "The provider did not take the file.";
        if (outcome.State == SendState.Refused)
            return Problems.Unprocessable("provider_refused_file", message);
        if (outcome.Fault == ProviderFault.InvalidKey)
            return KeyRefused(setting, message);
        if (outcome.Fault is not (ProviderFault.TooManyRequests or ProviderFault.Unavailable
            or ProviderFault.Unreachable or ProviderFault.Broken or ProviderFault.TooSlow))
        {
            return Problems.BadGateway("provider_failed", $"Nothing was sent. {message}");
        }
        RetryAfter(http, outcome.RetryAfter ?? DefaultPause);
        return Problems.Unavailable("provider_unavailable", $"Nothing was sent. {message}");
    }

    public static ProblemHttpResult KeyRefused(string setting, string message) => TypedResults.Problem(
        detail: message, statusCode: StatusCodes.Status422UnprocessableEntity,
        extensions: new Dictionary<string, object?>
        {
            ["code"] = "provider_key_refused",
            ["errors"] = new Dictionary<string, string[]> { [setting] = [message] },
        });

    private static void RetryAfter(HttpContext http, TimeSpan wait) => http.Response.Headers.RetryAfter =
        Math.Max(1, (int)Math.Ceiling(wait.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
}
