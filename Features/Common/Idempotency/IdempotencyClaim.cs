using System.Data.Common;

namespace ECommerce.Features.Common.Idempotency;

/// <summary>
/// The request's Idempotency-Key, written in the same transaction as what the request creates: both are there, or neither.
/// </summary>
internal sealed class IdempotencyClaim(Tenant tenant, string key, byte[] bodyHash, DateTime expiresAt)
{
    private const string Insert = """
        INSERT INTO idempotency_keys (tenant_id, idempotency_key, body_hash, expires_at)
        VALUES (@tenant, @key, @bodyHash, @expiresAt)
        """;

    private const string Answer = """
        UPDATE idempotency_keys SET location = @location, answer = @answer
        WHERE tenant_id = @tenant AND idempotency_key = @key
        """;

    /// <exception cref="DuplicateRequestException">An equal request was faster. It has committed: the INSERT waited for that.</exception>
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

    public Task AnswerAsync(WriteTransaction tx, string location, string answer, CancellationToken ct) =>
        tx.ExecuteAsync(Answer, new { tenant, key, location, answer }, ct);
}

internal sealed class DuplicateRequestException() : Exception("Another request with the same Idempotency-Key was faster.");
