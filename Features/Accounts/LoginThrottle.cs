using System.Data.Common;
using Dapper;

namespace ECommerce.Features.Accounts;

/// <summary>
/// Limits brute force: five failed logins per username in 15 minutes. The counters are kept in the database, so that
/// all replicas share them. An attempt is counted before its password is verified: concurrent attempts get no extra
/// tries.
/// </summary>
internal sealed class LoginThrottle(DbDataSource source, TimeProvider time)
{
    private const int Attempts = 5;
    private static readonly TimeSpan Window = TimeSpan.FromMinutes(15);

    // One transaction: the row stays locked until it is read, so each attempt reads its own count and not a concurrent
    // one's.
    private const string Count = """
        START TRANSACTION;
        INSERT INTO login_failures (username, failures, first_failed_at) VALUES (@username, 1, @now)
        ON DUPLICATE KEY UPDATE
            failures = IF(first_failed_at <= @cutoff, 1, failures + 1),
            first_failed_at = IF(first_failed_at <= @cutoff, @now, first_failed_at);
        SELECT failures, first_failed_at FROM login_failures WHERE username = @username;
        COMMIT;
        DELETE FROM login_failures WHERE first_failed_at <= @cutoff LIMIT 100
        """;

    private const string Clear = "DELETE FROM login_failures WHERE username = @username";

    /// <summary>Counts an attempt. Returns the time to wait when the limit is exceeded, otherwise null.</summary>
    public async Task<TimeSpan?> CountAsync(string username, CancellationToken ct)
    {
        var now = time.GetUtcNow().UtcDateTime;
        await using var connection = await source.OpenConnectionAsync(ct);
        var counted = await connection.QuerySingleAsync<Counted>(
            new CommandDefinition(Count, new { username, now, cutoff = now - Window }, cancellationToken: ct));
        return counted.Failures > Attempts ? counted.FirstFailedAt + Window - now : null;
    }

    public async Task ClearAsync(string username, CancellationToken ct)
    {
        await using var connection = await source.OpenConnectionAsync(ct);
        await connection.ExecuteAsync(new CommandDefinition(Clear, new { username }, cancellationToken: ct));
    }

    private sealed record Counted(int Failures, DateTime FirstFailedAt);
}
