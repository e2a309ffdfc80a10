using ECommerce.Features.Invoices.Issuing;
using ECommerce.Features.Invoices.Sending;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace ECommerce.Features.Invoices;

internal static class InvoicesFeature
{
    public static void AddInvoices(this IServiceCollection services)
    {
        services.AddValidator<CreditNoteDraft, CreditNoteDraftValidator>();
        services.AddSingleton<InvoiceIssuer>();
        services.AddSingleton<CorrectedDocuments>();
        services.AddSingleton<SendRules>();
        services.AddSingleton<SendPreparation>();
        services.AddSingleton<NameConflicts>();
        services.AddSingleton<SendResults>();
        services.AddSingleton<UncertainFiles>();
        services.AddHostedService<LookUpWorker>();
    }

    public static void MapInvoices(this IEndpointRouteBuilder app)
    {
        var invoices = app.MapGroup("/invoices").WithTags("Invoices").RequireAuthorization(Permissions.Read);

        invoices.MapGet("/", ListInvoices.Handle).CacheOutput(InvoicesCaching.Listing)
            .WithSummary("Invoices and credit notes by customer, order, state, year and days, searched by number and "
                + "buyer.");
        invoices.MapGet("/{id:long}", GetInvoice.Handle).CacheOutput(InvoicesCaching.Details)
            .WithSummary("An invoice or credit note with its lines, totals by rate of VAT and notifications.");
        invoices.MapGet("/{id:long}/xml", GetInvoiceXml.Handle).CacheOutput(InvoicesCaching.XmlFile)
            .WithSummary("The file of an invoice, byte for byte as it is sent.");
        invoices.MapGet("/{id:long}/html", GetInvoiceHtml.Handle).CacheOutput(InvoicesCaching.HtmlPage)
            .WithSummary("An invoice as a page to be read and printed.");
        invoices.MapGet("/{id:long}/notifications", GetInvoiceNotifications.Handle)
            .CacheOutput(InvoicesCaching.NotificationsListing)
            .WithSummary("What the SDI has answered about an invoice.");

        var writes = app.MapGroup("").WithTags("Invoices").RequireAuthorization(Permissions.WriteInvoices)
            .ProducesProblem(StatusCodes.Status409Conflict);
        writes.MapPost("/orders/{id:long}/invoice", CreateInvoice.Handle).CreatesWithoutBody<InvoiceDetails>()
            .WithSummary("Makes the invoice of an order with the next number of the year; 409 with invoice_id if it "
                + "has one.");
        writes.MapPost("/invoices/{id:long}/credit-note", CreateCreditNote.Handle)
            .Creates<CreditNoteDraft, InvoiceDetails>()
            .WithSummary("Takes an invoice back, or a part of it; 409 beyond what is left of it.");
        writes.MapPost("/invoices/{id:long}/send", SendInvoice.Handle).Idempotent<NoBody, InvoiceDetails>()
            .WithSummary("Sends an invoice to the SDI, or once more after it was discarded; 202 while it is not known "
                + "whether the provider has got it.")
            .ProducesProblem(StatusCodes.Status502BadGateway)
            .ProducesProblem(StatusCodes.Status503ServiceUnavailable);
    }
}
