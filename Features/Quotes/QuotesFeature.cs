using ECommerce.Features.Common.PersonalData;
using ECommerce.Features.Quotes.PersonalData;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace ECommerce.Features.Quotes;

internal static class QuotesFeature
{
    public static void AddQuotes(this IServiceCollection services)
    {
        services.AddValidator<QuoteDraft, QuoteDraftValidator>();
        services.AddPersonalData<QuotePersonalData>();
    }

    public static void MapQuotes(this IEndpointRouteBuilder app)
    {
        var quotes = app.MapGroup("/quotes").WithTags("Quotes").RequireAuthorization(Permissions.Read);

        quotes.MapGet("/", ListQuotes.Handle).CacheOutput(QuotesCaching.Listing)
            .WithSummary("Quotes by customer, year, days and state, searched by reference and customer.");
        quotes.MapGet("/{id:long}", GetQuote.Handle).CacheOutput(QuotesCaching.Details)
            .WithSummary("A quote with its lines, customer, addresses and totals by rate of VAT.");

        var writes = quotes.MapGroup("").RequireAuthorization(Permissions.WriteQuotes)
            .ProducesProblem(StatusCodes.Status409Conflict).ProducesProblem(StatusCodes.Status412PreconditionFailed);
        writes.MapPost("/", CreateQuote.Handle).Creates<QuoteDraft, QuoteDetails>()
            .WithSummary("Creates a quote with the next number of the year.");
        writes.MapPut("/{id:long}", UpdateQuote.Handle)
            .WithSummary("Replaces a quote; 409 once it is converted.");
        writes.MapDelete("/{id:long}", DeleteQuote.Handle)
            .WithSummary("Deletes a quote; 409 once it is converted.");
        writes.MapPost("/{id:long}/convert", ConvertQuote.Handle).CreatesWithoutBody<OrderDetails>()
            .WithSummary("Makes an order of a quote; 409 with order_id if it has become one.");
        writes.MapPost("/{id:long}/duplicate", DuplicateQuote.Handle).CreatesWithoutBody<QuoteDetails>()
            .WithSummary("Makes a new quote of today with the same lines and amounts.");
    }
}
