using System.Data.Common;

namespace ECommerce.Features.Common.Idempotency;

/// <summary>
/// The Idempotency-Key of the request, inserted in the transaction of its write: both are committed, or neither is.
/// </summary>
internal sealed class IdempotencyClaim(Tenant tenant, string key, byte[] bodyHash, DateTime expiresAt)
{
    private const string Insert = """
        INSERT INTO idempotency_keys (tenant_id, idempotency_key, body_hash, expires_at)
        VALUES (@tenant, @key, @bodyHash, @expiresAt)
        """;

    private const string SaveResponse = """
        UPDATE idempotency_keys SET location = @location, answer = @response
        WHERE tenant_id = @tenant AND idempotency_key = @key
        """;

    /// <exception cref="DuplicateRequestException">A concurrent request with the same key has committed: the INSERT
    /// waited for it.</exception>
    public async Task TakeAsync(WriteTransaction tx, CancellationToken ct)
    {
        try
        {
            await tx.ExecuteAsync(Insert, new { tenant, key, bodyHash, expiresAt }, ct);
        }
        catch (DbException exception) when (DatabaseErrors.IsDuplicate(exception))
        {
            throw new DuplicateRequestException();
        }
    }

    public Task SaveResponseAsync(WriteTransaction tx, string? location, string response, CancellationToken ct) =>
        tx.ExecuteAsync(SaveResponse, new { tenant, key, location, response }, ct);
}

internal sealed class DuplicateRequestException() : Exception(
    "A concurrent request with the same Idempotency-Key has committed first.");
