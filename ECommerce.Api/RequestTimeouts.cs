using System.Globalization;
using Microsoft.AspNetCore.Http.Timeouts;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Options;

namespace ECommerce.Api;

/// <summary>
/// A request that takes longer than <c>REQUEST_TIMEOUT</c> (seconds, 30 by default) is cancelled and responded to with
/// 503 and Retry-After. Event streams and syncs are not limited, and a write is not from its COMMIT on.
/// </summary>
internal static class RequestTimeouts
{
    private const string Name = "REQUEST_TIMEOUT";
    private const int Initial = 30;
    private const int Max = 3600;

    public static void AddRequestTimeouts(this IServiceCollection services, IConfiguration configuration)
    {
        var policy = new RequestTimeoutPolicy
        {
            Timeout = Read(configuration[Name]),
            TimeoutStatusCode = StatusCodes.Status503ServiceUnavailable,
            WriteTimeoutResponse = WriteAsync,
        };
        services.AddRequestTimeouts(options => options.DefaultPolicy = policy);
    }

    private static async Task WriteAsync(HttpContext context)
    {
        // Still the token of the time-out: nothing could be written under it.
        context.RequestAborted = CancellationToken.None;
        context.Response.Headers.RetryAfter = "5";
        var problem = new ProblemDetails
        {
            Status = context.Response.StatusCode,
            Detail = "The request took too long and was cancelled; nothing was changed.",
            Extensions = { ["code"] = "timed_out" },
        };
        await context.RequestServices.GetRequiredService<IProblemDetailsService>().WriteAsync(
            new ProblemDetailsContext { HttpContext = context, ProblemDetails = problem });
    }

    private static TimeSpan Read(string? text)
    {
        if (string.IsNullOrEmpty(text))
            return TimeSpan.FromSeconds(Initial);
        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
            && seconds is >= 1 and <= Max
            ? TimeSpan.FromSeconds(seconds)
            : throw new OptionsValidationException(
                Name, typeof(RequestTimeouts), [$"{Name} must be a number of seconds from 1 to {Max}."]);
    }
}
