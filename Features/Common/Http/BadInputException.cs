using Microsoft.AspNetCore.Http;

namespace ECommerce.Features.Common.Http;

/// <summary>A request that could not be read; answered with 400 and, where fields are known, what is wrong with each.</summary>
public sealed class BadInputException(string code, string message, IDictionary<string, string[]>? errors = null)
    : BadHttpRequestException(message, StatusCodes.Status400BadRequest)
{
    public string Code { get; } = code;

    public IDictionary<string, string[]>? Errors { get; } = errors;
}
