using Microsoft.AspNetCore.Http;

namespace ECommerce.Features.Common.Http;

/// <summary>A malformed request: the response is 400 with, where fields are known, the error of each.</summary>
public sealed class BadInputException(string code, string message, IDictionary<string, string[]>? errors = null)
    : BadHttpRequestException(message, StatusCodes.Status400BadRequest)
{
    public string Code { get; } = code;

    public IDictionary<string, string[]>? Errors { get; } = errors;
}
