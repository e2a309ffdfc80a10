using System.Data.Common;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Dapper;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.Extensions.Options;

namespace ECommerce.Features.Common.Idempotency;

/// <summary>
/// Responds to a repeated POST with the stored response of the first, if Idempotency-Key and body are the same.
/// </summary>
internal sealed class IdempotencyFilter<TBody, TResponse>(
    DbDataSource source, TimeProvider time, IOptions<JsonOptions> json) : IEndpointFilter
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromHours(24);

    private const string Find = """
        SELECT body_hash, location, answer AS body
        FROM idempotency_keys
        WHERE tenant_id = @tenant AND idempotency_key = @key
        """;

    // The key itself if it has expired, and some other expired keys, so that the table stays small without a job.
    private const string Clean = """
        DELETE FROM idempotency_keys WHERE tenant_id = @tenant AND idempotency_key = @key AND expires_at <= @now;
        DELETE FROM idempotency_keys WHERE expires_at <= @now LIMIT 100
        """;

    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var header = context.HttpContext.Request.Headers["Idempotency-Key"];
        if (header.Count == 0)
            return await next(context);
        if (header.Count > 1 || header[0] is not { Length: > 0 and <= 64 } key || key.Any(c => c is < '!' or > '~'))
        {
            return Problems.BadRequest(
                "malformed_idempotency_key", "Idempotency-Key must be 1 to 64 printable ASCII characters.");
        }

        var ct = context.HttpContext.RequestAborted;
        var tenant = await Tenant.BindAsync(context.HttpContext);
        var hash = Hash(context);
        if (await ReplayAsync(tenant, key, hash, ct) is { } replayed)
            return replayed;
        try
        {
            var expiresAt = (time.GetUtcNow() + Lifetime).UtcDateTime;
            context.HttpContext.Features.Set(new IdempotencyClaim(tenant, key, hash, expiresAt));
            return await next(context);
        }
        catch (DuplicateRequestException)
        {
            return await ReplayAsync(tenant, key, hash, ct)
                ?? Problems.Conflict("request_in_progress", "A request with the same Idempotency-Key is in progress.");
        }
    }

    private async Task<IResult?> ReplayAsync(Tenant tenant, string key, byte[] hash, CancellationToken ct)
    {
        await using var connection = await source.OpenConnectionAsync(ct);
        var parameters = new { tenant, key, now = time.GetUtcNow().UtcDateTime };
        await connection.ExecuteAsync(new CommandDefinition(Clean, parameters, cancellationToken: ct));
        var known = await connection.QuerySingleOrDefaultAsync<StoredResponse>(
            new CommandDefinition(Find, parameters, cancellationToken: ct));
        if (known is null)
            return null;
        if (!hash.AsSpan().SequenceEqual(known.BodyHash))
        {
            return Problems.Unprocessable(
                "idempotency_key_reused", "The Idempotency-Key was used with another request.");
        }

        return TypedResults.Created(
            known.Location, JsonSerializer.Deserialize<TResponse>(known.Body!, json.Value.SerializerOptions));
    }

    // A hash of the bound body, not of its bytes: white space and unknown members do not make a different request.
    private byte[] Hash(EndpointFilterInvocationContext context)
    {
        var bound = typeof(TBody) == typeof(NoBody) ? default : context.Arguments.OfType<TBody>().Single();
        var body = JsonSerializer.Serialize(bound, json.Value.SerializerOptions);
        return SHA256.HashData(Encoding.UTF8.GetBytes($"{context.HttpContext.Request.Path}\n{body}"));
    }

    private sealed record StoredResponse(byte[] BodyHash, string? Location, string? Body);
}
