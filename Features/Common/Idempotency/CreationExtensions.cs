using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace ECommerce.Features.Common.Idempotency;

/// <summary>Marks an endpoint that takes an Idempotency-Key.</summary>
/// <param name="response">What is stored for 24 hours: it must hold no secret.</param>
[AttributeUsage(AttributeTargets.Method)]
public sealed class IdempotentAttribute(Type response) : Attribute
{
    public Type Response => response;
}

/// <summary>The body of a POST that has none.</summary>
internal sealed class NoBody
{
    private NoBody()
    {
    }
}

/// <summary>
/// What the POST routes of a tenant's rows share: the Idempotency-Key, and a response that is stored in the transaction
/// of the write, so that a repeated request gets the same.
/// </summary>
internal static class CreationExtensions
{
    /// <summary>Of a route that responds with 201.</summary>
    public static RouteHandlerBuilder Creates<TBody, TResponse>(this RouteHandlerBuilder route) =>
        route.Idempotent<TBody, TResponse>();

    /// <summary>As <see cref="Creates"/>, where the path names all that the creation needs.</summary>
    public static RouteHandlerBuilder CreatesWithoutBody<TResponse>(this RouteHandlerBuilder route) =>
        route.Creates<NoBody, TResponse>();

    /// <summary>Of a route that responds with 200, 201 or 202.</summary>
    public static RouteHandlerBuilder Idempotent<TBody, TResponse>(this RouteHandlerBuilder route) =>
        route.AddEndpointFilter<IdempotencyFilter<TBody, TResponse>>()
            .WithMetadata(new IdempotentAttribute(typeof(TResponse)));

    /// <summary>Commits and returns 201.</summary>
    public static async Task<Created<T>> CommitCreatedAsync<T>(
        this WriteTransaction tx, HttpContext http, string location, T value, CancellationToken ct)
    {
        await tx.CommitRepeatableAsync(http, StatusCodes.Status201Created, location, value, ct);
        return TypedResults.Created(location, value);
    }

    /// <summary>Commits and returns 200.</summary>
    public static async Task<Ok<T>> CommitOkAsync<T>(
        this WriteTransaction tx, HttpContext http, T value, CancellationToken ct)
    {
        await tx.CommitRepeatableAsync(http, StatusCodes.Status200OK, null, value, ct);
        return TypedResults.Ok(value);
    }

    /// <summary>Commits a write whose response is known, and stores it.</summary>
    public static async Task CommitRepeatableAsync<T>(
        this WriteTransaction tx, HttpContext http, int status, string? location, T value, CancellationToken ct)
    {
        if (http.Features.Get<IdempotencyClaim>() is { } claim)
        {
            var json = http.RequestServices.GetRequiredService<IOptions<JsonOptions>>().Value.SerializerOptions;
            await claim.SaveResponseAsync(tx, status, location, JsonSerializer.Serialize(value, json), ct);
        }
        await tx.CommitAsync(ct);
    }
}
