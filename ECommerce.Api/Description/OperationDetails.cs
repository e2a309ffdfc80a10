using System.Globalization;
using System.Reflection;
using System.Text.Json;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.OpenApi;

namespace ECommerce.Api.Description;

/// <summary>
/// What the description of an operation takes from its metadata: the token that it demands, the problems that it may
/// respond with, an example of its body.
/// </summary>
internal static class OperationDetails
{
    private const string Json = "application/json";
    private const string ProblemJson = "application/problem+json";

    /// <summary>Of an operation whose parameters are complete.</summary>
    public static void Describe(
        OpenApiOperation operation, IList<object> metadata, OpenApiDocument? document, JsonSerializerOptions json)
    {
        var isAnonymous = metadata.OfType<IAllowAnonymous>().Any();
        operation.Security = isAnonymous
            ? []
            : [new OpenApiSecurityRequirement
            {
                [new OpenApiSecuritySchemeReference(ApiDescription.Bearer, document)] = [],
            }];

        var responses = operation.Responses ??= [];
        foreach (var status in Problems(operation, isAnonymous))
        {
            responses.TryAdd(
                status.ToString(CultureInfo.InvariantCulture),
                new OpenApiResponse
                {
                    Description = ReasonPhrases.GetReasonPhrase(status),
                    Content = new Dictionary<string, OpenApiMediaType>
                    {
                        [ProblemJson] = new() { Schema = new OpenApiSchemaReference("ProblemDetails", document) },
                    },
                });
        }

        var body = metadata.OfType<MethodInfo>().FirstOrDefault()?.GetParameters()
            .Select(parameter => RequestExamples.Find(parameter.ParameterType))
            .FirstOrDefault(found => found is not null);
        if (body is not null && operation.RequestBody?.Content?.TryGetValue(Json, out var content) == true)
            content.Example = JsonSerializer.SerializeToNode(body, body.GetType(), json);
    }

    private static IEnumerable<int> Problems(OpenApiOperation operation, bool isAnonymous)
    {
        var parameters = operation.Parameters ?? [];
        var hasBody = operation.RequestBody is not null;
        if (hasBody || parameters.Any(parameter => parameter.In is ParameterLocation.Query or ParameterLocation.Header))
            yield return StatusCodes.Status400BadRequest;
        if (!isAnonymous)
        {
            yield return StatusCodes.Status401Unauthorized;
            yield return StatusCodes.Status403Forbidden;
        }
        if (parameters.Any(parameter => parameter.In == ParameterLocation.Path))
            yield return StatusCodes.Status404NotFound;
        if (parameters.Any(parameter => parameter.Name == "If-Match"))
            yield return StatusCodes.Status412PreconditionFailed;
        if (hasBody)
        {
            yield return StatusCodes.Status413PayloadTooLarge;
            yield return StatusCodes.Status415UnsupportedMediaType;
        }
        if (parameters.Any(parameter => parameter.Name == "Idempotency-Key"))
            yield return StatusCodes.Status409Conflict;
        if (hasBody || parameters.Any(parameter => parameter.Name == "Idempotency-Key"))
            yield return StatusCodes.Status422UnprocessableEntity;
        // The database is away, silent or overloaded.
        yield return StatusCodes.Status503ServiceUnavailable;
    }
}
