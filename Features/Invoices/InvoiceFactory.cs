using ECommerce.Features.Invoices.Building;
using ECommerce.Features.Invoices.Documents;
using ECommerce.Features.Invoices.Requests;
using ECommerce.Features.Invoices.Validation;
using ECommerce.Features.Invoices.Xml;

namespace ECommerce.Features.Invoices;

/// <summary>Makes electronic invoices and credit notes, and checks them as the SDI does.</summary>
internal static class InvoiceFactory
{
    /// <summary>The document of a request, its file, and its faults: with one of them it must not be sent.</summary>
    /// <param name="today">The day it would be received; null: the day of the document.</param>
    /// <param name="request">What it is made from.</param>
    public static CreatedInvoice Create(InvoiceRequest request, DateOnly? today = null)
    {
        var blocking = RequestChecks.Blocking(request);
        if (blocking.Count > 0)
            return new CreatedInvoice(null, "", [], blocking);
        var document = DocumentBuilder.Build(request, out var totals);
        var xml = InvoiceXmlWriter.Write(document);
        var fileName = InvoiceFileName.Create(document.Transmission.Sender, request.Progressive);
        var rules = new SendingRules(today ?? request.Date)
        {
            FileName = fileName,
            VatRates = request.Settings.VatRates,
            StampDuty = request.Settings.StampDuty,
        };
        return new CreatedInvoice(
            document, fileName, xml,
            [.. RequestChecks.Of(request, totals), .. InvoiceValidator.Validate(xml, rules)]);
    }
}

/// <summary>A made document.</summary>
/// <param name="Document">Null: the request does not allow one.</param>
/// <param name="Xml">The bytes that are stored, sent and hashed.</param>
/// <param name="Faults">Empty: it can be sent.</param>
/// <param name="FileName">The name under which it is sent.</param>
internal sealed record CreatedInvoice(
    InvoiceDocument? Document, string FileName, byte[] Xml, IReadOnlyList<InvoiceFault> Faults);
