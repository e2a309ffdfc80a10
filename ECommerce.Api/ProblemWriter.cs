using System.Diagnostics;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Options;
using JsonOptions = Microsoft.AspNetCore.Http.Json.JsonOptions;

namespace ECommerce.Api;

/// <summary>
/// Writes problem details whatever the client accepts (the framework's own writer does not), and fills in missing
/// members.
/// </summary>
internal sealed class ProblemWriter(IOptions<JsonOptions> json) : IProblemDetailsWriter
{
    private static readonly Dictionary<int, string> Codes = new()
    {
        [400] = "bad_request",
        [401] = "unauthorized",
        [403] = "forbidden",
        [404] = "not_found",
        [405] = "method_not_allowed",
        [408] = "request_timeout",
        [413] = "body_too_large",
        [414] = "uri_too_long",
        [415] = "unsupported_media_type",
        [429] = "too_many_requests",
        [431] = "headers_too_large",
        [505] = "http_version_not_supported",
    };

    public bool CanWrite(ProblemDetailsContext context) => true;

    public ValueTask WriteAsync(ProblemDetailsContext context)
    {
        var problem = context.ProblemDetails;
        Complete(
            problem, context.HttpContext.Response.StatusCode,
            Activity.Current?.TraceId.ToString() ?? context.HttpContext.TraceIdentifier);
        return new ValueTask(context.HttpContext.Response.WriteAsJsonAsync(
            problem,
            json.Value.SerializerOptions.GetTypeInfo(problem.GetType()),
            "application/problem+json",
            context.HttpContext.RequestAborted));
    }

    /// <summary>Fills in the members that every problem has.</summary>
    public static void Complete(ProblemDetails problem, int status, string traceId)
    {
        status = problem.Status ??= status;
        problem.Type ??= "about:blank";
        problem.Title ??= ReasonPhrases.GetReasonPhrase(status);
        problem.Extensions.TryAdd("code", Codes.GetValueOrDefault(status, "error"));
        problem.Extensions["trace_id"] = traceId;
    }
}
