using ECommerce.Features.Invoices.Validation;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace ECommerce.Features.Invoices.Issuing;

/// <summary>Why a document is not made.</summary>
internal static class InvoiceProblems
{
    public static ProblemHttpResult SettingsMissing(IReadOnlyList<string> names) => Unprocessable(
        "invoice_settings_missing", $"Settings of the seller are missing: {string.Join(", ", names)}.",
        names.ToDictionary(static name => name, static _ => (string[])["This setting is missing."]));

    /// <summary>What the SDI would refuse: <c>faults</c> holds code, field and message of each.</summary>
    public static ProblemHttpResult Refused(IReadOnlyList<InvoiceFault> faults) => Unprocessable(
        "invoice_not_valid", "The SDI would refuse this document.",
        faults.GroupBy(static fault => fault.Field).ToDictionary(
            static group => group.Key,
            static group => group.Select(static fault => $"{fault.Code}: {fault.Message}").Distinct().ToArray()),
        faults.Select(static fault => new { fault.Code, fault.Field, fault.Message }).ToArray());

    /// <summary>The SDI demands an address of the buyer: the order must be given one.</summary>
    public static ProblemHttpResult AddressMissing(string message) =>
        Refused([new InvoiceFault(FaultCodes.Schema, "address_invoice_id", message)]);

    public static ProblemHttpResult AlreadyInvoiced(long invoice) => Problems.Conflict(
        "order_already_invoiced", $"This order has invoice {invoice}.", "invoice_id", invoice);

    private static ProblemHttpResult Unprocessable(
        string code, string detail, IDictionary<string, string[]> errors, object? faults = null)
    {
        var extensions = new Dictionary<string, object?> { ["code"] = code, ["errors"] = errors };
        if (faults is not null)
            extensions["faults"] = faults;
        return TypedResults.Problem(
            detail: detail, statusCode: StatusCodes.Status422UnprocessableEntity, extensions: extensions);
    }
}
