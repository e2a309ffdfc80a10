using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace ECommerce.Features.Common.Idempotency;

/// <summary>Marks an endpoint that takes an Idempotency-Key.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class IdempotentAttribute : Attribute;

/// <summary>The body of requests that have none.</summary>
internal sealed record NoBody;

/// <summary>What creating routes share: the Idempotency-Key and the 201 response.</summary>
internal static class CreationExtensions
{
    public static RouteHandlerBuilder Creates<TBody, TResponse>(this RouteHandlerBuilder route) =>
        route.AddEndpointFilter<IdempotencyFilter<TBody, TResponse>>().WithMetadata(new IdempotentAttribute());

    /// <summary>As <see cref="Creates"/>, where the path names all that the creation needs.</summary>
    public static RouteHandlerBuilder CreatesWithoutBody<TResponse>(this RouteHandlerBuilder route) =>
        route.Creates<NoBody, TResponse>();

    /// <summary>
    /// Commits and returns 201; a repeated request with the same Idempotency-Key gets the same response.
    /// </summary>
    public static async Task<Created<T>> CommitCreatedAsync<T>(
        this WriteTransaction tx, HttpContext http, string location, T value, CancellationToken ct)
    {
        if (http.Features.Get<IdempotencyClaim>() is { } claim)
        {
            var json = http.RequestServices.GetRequiredService<IOptions<JsonOptions>>().Value.SerializerOptions;
            await claim.SaveResponseAsync(tx, location, JsonSerializer.Serialize(value, json), ct);
        }
        await tx.CommitAsync(ct);
        return TypedResults.Created(location, value);
    }
}
