using Microsoft.AspNetCore.Http;

namespace ECommerce.Features.Common.Http;

/// <summary>A malformed request: the response is 400 with, where fields are known, the error of each.</summary>
public sealed class BadInputException(string code, string message, IDictionary<string, string[]>? errors = null)
    : BadHttpRequestException(message, StatusCodes.Status400BadRequest)
{
    private const string QueryMessage = "One or more query parameters are not valid.";

    /// <summary>Of query parameters, by the error of each.</summary>
    public static BadInputException OfQuery(IDictionary<string, string[]> errors) =>
        new("bad_query", QueryMessage, errors);

    /// <summary>Of one query parameter.</summary>
    public static BadInputException OfQuery(string parameter, string error) =>
        OfQuery(new Dictionary<string, string[]> { [parameter] = [error] });

    public string Code { get; } = code;

    public IDictionary<string, string[]>? Errors { get; } = errors;
}
