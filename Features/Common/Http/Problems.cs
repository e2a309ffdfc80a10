using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace ECommerce.Features.Common.Http;

/// <summary>Expected failures as problem details. The <c>code</c> is part of the API: clients branch on it.</summary>
internal static class Problems
{
    public static ProblemHttpResult Conflict(string code, string detail) =>
        Problem(StatusCodes.Status409Conflict, code, detail);

    /// <summary>With a member that tells clients where to go on.</summary>
    public static ProblemHttpResult Conflict(string code, string detail, string member, object value) =>
        TypedResults.Problem(
            detail: detail, statusCode: StatusCodes.Status409Conflict,
            extensions: new Dictionary<string, object?> { ["code"] = code, [member] = value });

    public static ProblemHttpResult PreconditionFailed() =>
        Problem(
            StatusCodes.Status412PreconditionFailed, "precondition_failed",
            "The entity is not in the state that If-Match names; read it again.");

    public static ProblemHttpResult Unauthorized(string code, string detail) =>
        Problem(StatusCodes.Status401Unauthorized, code, detail);

    public static ProblemHttpResult Forbidden(string code, string detail) =>
        Problem(StatusCodes.Status403Forbidden, code, detail);

    public static ProblemHttpResult NotFound(string code, string detail) =>
        Problem(StatusCodes.Status404NotFound, code, detail);

    public static ProblemHttpResult Unavailable(string code, string detail) =>
        Problem(StatusCodes.Status503ServiceUnavailable, code, detail);

    /// <summary>Another system responded, and not with what was asked for.</summary>
    public static ProblemHttpResult BadGateway(string code, string detail) =>
        Problem(StatusCodes.Status502BadGateway, code, detail);

    public static ProblemHttpResult TooManyRequests(string code, string detail) =>
        Problem(StatusCodes.Status429TooManyRequests, code, detail);

    public static ProblemHttpResult BadRequest(string code, string detail) =>
        Problem(StatusCodes.Status400BadRequest, code, detail);

    public static ProblemHttpResult Unprocessable(string code, string detail) =>
        Problem(StatusCodes.Status422UnprocessableEntity, code, detail);

    public static ProblemHttpResult Invalid(string field, string message) =>
        Invalid(new Dictionary<string, string[]> { [field] = [message] });

    public static ProblemHttpResult Invalid(IDictionary<string, string[]> errors) =>
        TypedResults.Problem(
            detail: "One or more fields are not valid.", statusCode: StatusCodes.Status422UnprocessableEntity,
            extensions: new Dictionary<string, object?> { ["code"] = "validation_failed", ["errors"] = errors });

    private static ProblemHttpResult Problem(int status, string code, string detail) =>
        TypedResults.Problem(
            detail: detail, statusCode: status, extensions: new Dictionary<string, object?> { ["code"] = code });
}
