namespace ECommerce.Features.Common.Idempotency;

/// <summary>Responses that are stored for repeated requests.</summary>
internal static class StoredResponses
{
    // The key stays: a repeated request must not create what was erased once more.
    private const string Forget = """
        UPDATE idempotency_keys SET answer = NULL WHERE tenant_id = @Tenant AND location IN @locations
        """;

    /// <summary>Forgets the responses that created these rows, because they hold personal data.</summary>
    public static Task ForgetResponsesAsync(
        this WriteTransaction tx, IReadOnlyCollection<string> locations, CancellationToken ct) =>
        locations.Count == 0 ? Task.CompletedTask : tx.ExecuteAsync(Forget, new { tx.Db.Tenant, locations }, ct);
}
