using System.Data.Common;
using System.Threading.RateLimiting;
using Dapper;

namespace ECommerce.Features.Accounts;

/// <summary>
/// Limits brute force. Within 15 minutes five wrong passwords lock a username for the address they came from, and a
/// hundred lock the address. Many wrong ones from all over only delay a username, and only for addresses from which it
/// never logged in: an attacker cannot lock out a user. All replicas share the counters in the database.
/// </summary>
/// <remarks>
/// An attempt reserves its place before its password is checked and gives it back when it was right; one over the limit
/// waits for those before it. So of any number of concurrent wrong ones five are checked, and all right ones succeed.
/// </remarks>
internal sealed class LoginThrottle(DbDataSource source, TimeProvider time) : IDisposable
{
    private const int MaxFailures = 5;
    private const int MaxFailuresOfAddress = 100;
    private const int MaxWaiting = 200;

    private static readonly TimeSpan Window = TimeSpan.FromMinutes(15);
    private static readonly TimeSpan FirstDelay = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan MaxDelay = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan PollPeriod = TimeSpan.FromMilliseconds(50);

    // A process that ends while it checks leaves its reservation behind.
    private static readonly TimeSpan MaxCheck = TimeSpan.FromMinutes(2);

    private const string Read = """
        SELECT
            (SELECT failures FROM login_attempts
             WHERE username = '' AND address = @address AND first_failed_at > @cutoff) AS of_address,
            (SELECT first_failed_at FROM login_attempts WHERE username = '' AND address = @address) AS since,
            (SELECT failures FROM login_attempts
             WHERE username = @username AND address = '' AND first_failed_at > @cutoff) AS of_username,
            EXISTS (SELECT 1 FROM login_addresses known JOIN users ON users.id = known.user_id
                    WHERE users.username = @username AND known.address = @address) AS is_known
        """;

    // Each statement by itself: a transaction over them would lock the row for longer.
    private const string Reserve = """
        INSERT IGNORE INTO login_attempts (username, address, changed_at) VALUES (@username, @address, @now);
        UPDATE login_attempts
        SET reserved = IF(reserved_until > @now, reserved, 0) + 1, reserved_until = @until, changed_at = @now
        WHERE username = @username AND address = @address
            AND IF(first_failed_at > @cutoff, failures, 0) + IF(reserved_until > @now, reserved, 0) < @max;
        SELECT ROW_COUNT() > 0 AS is_reserved, IF(first_failed_at > @cutoff, failures, 0) AS failures, first_failed_at
        FROM login_attempts
        WHERE username = @username AND address = @address
        """;

    private const string GiveBack = """
        UPDATE login_attempts SET reserved = GREATEST(reserved - 1, 0)
        WHERE username = @username AND address = @address
        """;

    private const string Clear = $"""
        {GiveBack};
        UPDATE login_attempts SET failures = 0, first_failed_at = NULL
        WHERE username = @username AND address = @address;
        INSERT INTO login_addresses (user_id, address, last_at) VALUES (@userId, @address, @now)
        ON DUPLICATE KEY UPDATE last_at = @now
        """;

    // Row by row: one statement over all three could deadlock with another.
    private static readonly string Fail = string.Join(
        ";\n", Count("@username, @address"), Count("@username, ''"), Count("'', @address"), GiveBack,
        "DELETE FROM login_attempts WHERE changed_at <= @cutoff LIMIT 100");

    // In this process at most as many attempts as have a place ask the database for one; the others wait here.
    private readonly PartitionedRateLimiter<(string Username, string Address)> _places =
        PartitionedRateLimiter.Create<(string, string), (string, string)>(key =>
            RateLimitPartition.GetConcurrencyLimiter(key, static _ => new ConcurrencyLimiterOptions
            {
                PermitLimit = MaxFailures,
                QueueLimit = MaxWaiting,
                QueueProcessingOrder = QueueProcessingOrder.OldestFirst,
            }));

    /// <summary>Reserves a place for an attempt, waiting for those before it.</summary>
    /// <returns>The place, or the time to wait when there are too many failures.</returns>
    /// <exception cref="OperationCanceledException">There was no place before the deadline.</exception>
    public async Task<(Attempt? Place, TimeSpan Wait)> ReserveAsync(
        string username, string address, CancellationToken ct)
    {
        var known = await QueryAsync<(int? OfAddress, DateTime? Since, int? OfUsername, bool IsKnown)>(
            Read, new { username, address, cutoff = Now - Window }, ct);
        if (known.OfAddress >= MaxFailuresOfAddress)
            return (null, WaitSince(known.Since));
        if (!known.IsKnown && known.OfUsername >= MaxFailures)
            await Task.Delay(DelayAfter(known.OfUsername.Value), time, ct);

        // As the database compares them, so that spellings of one name share the limit.
        var queued = await _places.AcquireAsync((username.ToUpperInvariant(), address), 1, ct);
        try
        {
            while (queued.IsAcquired)
            {
                var (now, max) = (Now, MaxFailures);
                var row = await QueryAsync<(bool IsReserved, int Failures, DateTime? FirstFailedAt)>(
                    Reserve, new { username, address, now, until = now + MaxCheck, cutoff = now - Window, max }, ct);
                if (row.IsReserved)
                {
                    var place = new Attempt(this, username, address, queued);
                    queued = null;
                    return (place, default);
                }
                if (row.Failures >= MaxFailures)
                    return (null, WaitSince(row.FirstFailedAt));
                // Other replicas are checking the attempts before this one.
                await Task.Delay(PollPeriod, time, ct);
            }
            return (null, TimeSpan.FromSeconds(1));
        }
        finally
        {
            queued?.Dispose();
        }
    }

    public void Dispose() => _places.Dispose();

    private DateTime Now => time.GetUtcNow().UtcDateTime;

    private TimeSpan WaitSince(DateTime? firstFailure) =>
        firstFailure is { } since && since + Window - Now is var left && left > TimeSpan.Zero
            ? left
            : TimeSpan.FromSeconds(1);

    private static string Count(string key) => $"""
        INSERT INTO login_attempts (username, address, failures, first_failed_at, changed_at)
        VALUES ({key}, 1, @now, @now)
        ON DUPLICATE KEY UPDATE
            failures = IF(first_failed_at > @cutoff, failures + 1, 1),
            first_failed_at = IF(first_failed_at > @cutoff, first_failed_at, @now),
            changed_at = @now
        """;

    private static TimeSpan DelayAfter(int failures) =>
        FirstDelay * Math.Min(1 << Math.Min(failures - MaxFailures, 20), MaxDelay / FirstDelay);

    private async Task<T> QueryAsync<T>(string sql, object parameters, CancellationToken ct)
    {
        await using var connection = await source.OpenConnectionAsync(ct);
        return await connection.QuerySingleAsync<T>(new CommandDefinition(sql, parameters, cancellationToken: ct));
    }

    // Not cancelled with the request: a client that leaves must not get an attempt that does not count.
    private async Task SettleAsync(string sql, object parameters)
    {
        await using var connection = await source.OpenConnectionAsync(CancellationToken.None);
        await connection.ExecuteAsync(sql, parameters);
    }

    /// <summary>The place of one attempt, which gives it back unless it was settled.</summary>
    internal sealed class Attempt(LoginThrottle throttle, string username, string address, IDisposable queued)
        : IAsyncDisposable
    {
        private bool _isSettled;

        /// <summary>
        /// The password was right: the failures of this address are forgotten, and it is known from now on.
        /// </summary>
        public Task SucceedAsync(int userId) =>
            SettleAsync(Clear, new { username, address, userId, now = throttle.Now });

        /// <summary>The password was wrong.</summary>
        public Task FailAsync() => SettleAsync(
            Fail, new { username, address, now = throttle.Now, cutoff = throttle.Now - Window });

        public async ValueTask DisposeAsync()
        {
            try
            {
                if (!_isSettled)
                    await SettleAsync(GiveBack, new { username, address });
            }
            catch (Exception exception) when (DatabaseErrors.IsDriverError(exception))
            {
                // The reservation ends by itself.
            }
            finally
            {
                queued.Dispose();
            }
        }

        private Task SettleAsync(string sql, object parameters)
        {
            _isSettled = true;
            return throttle.SettleAsync(sql, parameters);
        }
    }
}
