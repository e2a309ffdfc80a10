using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace ECommerce.Features.Common.Idempotency;

/// <summary>Marks an endpoint that takes an Idempotency-Key.</summary>
/// <param name="status">Of a response with a location; one without is 200.</param>
[AttributeUsage(AttributeTargets.Method)]
public sealed class IdempotentAttribute(int status = StatusCodes.Status201Created) : Attribute
{
    public int Status { get; } = status;
}

/// <summary>What creating routes share: the Idempotency-Key and the 201 response.</summary>
internal static class CreationExtensions
{
    public static RouteHandlerBuilder Creates<TBody, TResponse>(this RouteHandlerBuilder route) =>
        route.AddEndpointFilter<IdempotencyFilter<TBody, TResponse>>().WithMetadata(new IdempotentAttribute());

    /// <summary>A route that creates nothing and takes an Idempotency-Key all the same.</summary>
    public static RouteHandlerBuilder Repeats<TBody, TResponse>(this RouteHandlerBuilder route, int status) =>
        route.AddEndpointFilter<IdempotencyFilter<TBody, TResponse>>().WithMetadata(new IdempotentAttribute(status));

    /// <summary>
    /// Commits and returns 201; a repeated request with the same Idempotency-Key gets the same response.
    /// </summary>
    public static async Task<Created<T>> CommitCreatedAsync<T>(
        this WriteTransaction tx, HttpContext http, string location, T value, CancellationToken ct)
    {
        await tx.CommitRepeatableAsync(http, value, ct, location);
        return TypedResults.Created(location, value);
    }

    /// <summary>Commits a response that a repeated request with the same Idempotency-Key gets too.</summary>
    public static async Task<T> CommitRepeatableAsync<T>(
        this WriteTransaction tx, HttpContext http, T value, CancellationToken ct, string? location = null)
    {
        if (http.Features.Get<IdempotencyClaim>() is { } claim)
        {
            var json = http.RequestServices.GetRequiredService<IOptions<JsonOptions>>().Value.SerializerOptions;
            await claim.SaveResponseAsync(tx, location, JsonSerializer.Serialize(value, json), ct);
        }
        await tx.CommitAsync(ct);
        return value;
    }
}
