using System.Data.Common;
using Dapper;

namespace ECommerce.Api.Tests.Overload;

/// <summary>A sync of shop 1 of acme that runs as long as a test wants: only its rows exist.</summary>
internal static class RunningSync
{
    /// <summary>A run that holds its lease for an hour.</summary>
    public static async Task<long> StartAsync(DbConnection session)
    {
        await session.ExecuteAsync(
            """
            INSERT INTO locks (name, owner, fence, expires_at)
            VALUES ('lock:prestashop:sync:acme:1', 'test#1', 1, UTC_TIMESTAMP(6) + INTERVAL 1 HOUR)
            """);
        return await session.ExecuteScalarAsync<long>(
            """
            INSERT INTO sync_runs (tenant_id, shop_id, lock_fence, mode, status, phase, started_at)
            VALUES ('acme', 1, 1, 'full', 'running', 'counting', UTC_TIMESTAMP(6));
            SELECT LAST_INSERT_ID()
            """);
    }

    public static Task FinishAsync(DbConnection session, long run) =>
        session.ExecuteAsync("UPDATE sync_runs SET status = 'succeeded' WHERE id = @run", new { run });

    /// <summary>Reads the events of a run until its last one; false when the stream ends before.</summary>
    public static async Task<bool> IsFinishedAsync(StreamReader events)
    {
        while (await events.ReadLineAsync(TestContext.Current.CancellationToken) is { } line)
        {
            if (line == "event: finished")
                return true;
        }
        return false;
    }
}
