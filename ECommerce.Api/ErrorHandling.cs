using System.Text.Json;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Mvc;

namespace ECommerce.Api;

/// <summary>Every error response is problem details (RFC 9457) and reveals no internals of the process.</summary>
internal static class ErrorHandling
{
    public static void AddErrorHandling(this IServiceCollection services)
    {
        services.AddSingleton<IProblemDetailsWriter, ProblemWriter>();
        services.AddProblemDetails();
        services.AddExceptionHandler<ApiExceptionHandler>();
        services.AddHostedService<RejectedRequests>();
        // Also outside Development: the exception names what could not be read, the bare status code does not.
        services.Configure<RouteHandlerOptions>(options => options.ThrowOnBadRequest = true);
    }
}

internal sealed partial class ApiExceptionHandler(
    IProblemDetailsService problems, SchemaState schema, ILogger<ApiExceptionHandler> logger) : IExceptionHandler
{
    private const string OutcomeUnknown = "outcome_unknown";

    public async ValueTask<bool> TryHandleAsync(
        HttpContext context, Exception exception, CancellationToken cancellationToken)
    {
        var problem = Describe(exception);
        context.Response.StatusCode = problem.Status!.Value;
        if (problem.Status == StatusCodes.Status500InternalServerError)
            LogUnhandled(exception, context.Request.Method, context.Request.Path);
        if (problem.Status == StatusCodes.Status503ServiceUnavailable)
        {
            // A write that may have happened must not be repeated blindly.
            if (exception is not CommitOutcomeUnknownException { IsRepeatable: false })
                context.Response.Headers.RetryAfter = exception is DatabaseOverloadedException ? "1" : "5";
            LogUnavailable(exception.GetBaseException().Message);
        }
        return await problems.TryWriteAsync(
            new ProblemDetailsContext { HttpContext = context, ProblemDetails = problem, Exception = exception });
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "{Method} {Path} failed.")]
    private partial void LogUnhandled(Exception exception, string method, string path);

    // Without a stack trace: during an outage every request would write one.
    [LoggerMessage(Level = LogLevel.Warning, Message = "The database does not respond: {Reason}")]
    private partial void LogUnavailable(string reason);

    private ProblemDetails Describe(Exception exception) => exception switch
    {
        BadInputException bad => Problem(bad.StatusCode, bad.Code, bad.Message, bad.Errors),
        BadHttpRequestException { InnerException: JsonException json } => Describe(json),
        BadHttpRequestException bad => new ProblemDetails { Status = bad.StatusCode },
        CommitOutcomeUnknownException { IsRepeatable: true } => Problem(
            StatusCodes.Status503ServiceUnavailable,
            OutcomeUnknown,
            "Whether the change was stored is unknown; repeat the request with the same Idempotency-Key."),
        CommitOutcomeUnknownException => Problem(
            StatusCodes.Status503ServiceUnavailable,
            OutcomeUnknown,
            "Whether the change was stored is unknown; read the current state before you repeat it."),
        DatabaseOverloadedException => Problem(
            StatusCodes.Status503ServiceUnavailable, "overloaded", "Too many requests at once; try again in a second."),
        _ when !schema.IsReady || DatabaseErrors.IsUnavailable(exception) => Problem(
            StatusCodes.Status503ServiceUnavailable,
            "database_unavailable",
            "The database does not respond; try again in a few seconds."),
        _ => Problem(StatusCodes.Status500InternalServerError, "internal_error", "Something went wrong on our side."),
    };

    // Valid JSON with a value of the wrong kind is an error of that field; only the reader's own errors mean malformed
    // JSON.
    private static ProblemDetails Describe(JsonException exception) =>
        exception.InnerException?.GetType().Name != "JsonReaderException" && exception.Path is ['$', '.', .. var field]
            ? Problem(
                StatusCodes.Status422UnprocessableEntity,
                "validation_failed",
                "One or more fields are not valid.",
                new Dictionary<string, string[]> { [field] = [$"{field} has a value of the wrong kind."] })
            : Problem(
                StatusCodes.Status400BadRequest, "malformed_json", "The body is not the JSON that is expected here.");

    private static ProblemDetails Problem(
        int status, string code, string detail, IDictionary<string, string[]>? errors = null)
    {
        var problem = new ProblemDetails { Status = status, Detail = detail, Extensions = { ["code"] = code } };
        if (errors is not null)
            problem.Extensions["errors"] = errors;
        return problem;
    }
}
