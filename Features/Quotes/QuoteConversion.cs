using Microsoft.AspNetCore.Http.HttpResults;

namespace ECommerce.Features.Quotes;

/// <summary>What the conversion of a quote closes.</summary>
internal static class QuoteConversion
{
    /// <summary>The response where a quote has become an order; the member <c>order_id</c> names the order.</summary>
    public static ProblemHttpResult Done(long orderId) => Problems.Conflict(
        "quote_already_converted", $"This quote has become order {orderId}.", "order_id", orderId);
}
