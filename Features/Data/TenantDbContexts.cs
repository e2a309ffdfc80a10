using System.Data.Common;
using Microsoft.EntityFrameworkCore;

namespace ECommerce.Features.Data;

/// <summary>Leases contexts, each for one tenant.</summary>
internal sealed class TenantDbContexts(DbDataSource source, IDbContextFactory<ECommerceDbContext> pool)
{
    private const string BeginSnapshot =
        "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ; START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY";

    /// <summary>A context for reads. Each statement takes a session of the pool and returns it.</summary>
    /// <exception cref="InvalidOperationException">A write transaction is open in this flow: it reads through its own
    /// context.</exception>
    public ECommerceDbContext ForReading(Tenant tenant)
    {
        WriteTransaction.ThrowIfOpen();
        return Lease(tenant, source.CreateConnection());
    }

    /// <summary>A context over an open connection, which it closes when it is disposed.</summary>
    internal ECommerceDbContext Lease(Tenant tenant, DbConnection connection)
    {
        var db = pool.CreateDbContext();
        db.Tenant = tenant;
        db.Transaction = null;
        db.ReadsForUpdate = false;
        db.IsInSnapshot = false;
        db.Database.SetDbConnection(connection, contextOwnsConnection: true);
        return db;
    }

    /// <summary>
    /// Runs several reads in one read-only snapshot, so that they show one state of the database. Inside another
    /// snapshot the reads belong to that one.
    /// </summary>
    public static async Task<T> InSnapshotAsync<T>(ECommerceDbContext db, Func<Task<T>> read, CancellationToken ct)
    {
        if (db.IsInSnapshot)
            return await read();
        await db.Database.OpenConnectionAsync(ct);
        try
        {
            await RunAsync(db, BeginSnapshot, ct);
            db.IsInSnapshot = true;
            return await read();
        }
        finally
        {
            db.IsInSnapshot = false;
            try
            {
                await RunAsync(db, "ROLLBACK", CancellationToken.None);
            }
            catch (Exception exception) when (DatabaseErrors.IsDriverError(exception))
            {
                // The connection is gone, and the snapshot with it.
            }
            await db.Database.CloseConnectionAsync();
        }
    }

    private static async Task RunAsync(ECommerceDbContext db, string sql, CancellationToken ct)
    {
        await using var command = db.Database.GetDbConnection().CreateCommand();
        command.CommandText = sql;
        await command.ExecuteNonQueryAsync(ct);
    }
}
