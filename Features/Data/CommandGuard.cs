using System.Data.Common;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace ECommerce.Features.Data;

/// <summary>
/// Sees every statement of EF Core before it is sent: adds row locks, and rejects statements that would change rows
/// past the change tracker, and with it past the declarations of what is invalidated.
/// </summary>
internal sealed class CommandGuard(DatabaseGate gate) : DbCommandInterceptor, IDbConnectionInterceptor
{
    private const string ForUpdate = $"-- {RowLocks.Update}";
    private const string ForShare = $"-- {RowLocks.Share}";

    public override ValueTask<InterceptionResult<DbDataReader>> ReaderExecutingAsync(
        DbCommand command, CommandEventData eventData, InterceptionResult<DbDataReader> result,
        CancellationToken cancellationToken = default)
    {
        if (eventData.CommandSource is not (CommandSource.LinqQuery or CommandSource.SaveChanges))
            Reject(eventData);
        var isForUpdate = command.CommandText.StartsWith(ForUpdate, StringComparison.Ordinal);
        if (isForUpdate || command.CommandText.StartsWith(ForShare, StringComparison.Ordinal))
            command.CommandText += isForUpdate ? "\nFOR UPDATE" : "\nLOCK IN SHARE MODE";
        if (eventData.Context is ECommerceDbContext db)
        {
            db.Transaction?.ThrowIfDoomed();
            db.ReadsForUpdate = isForUpdate;
        }
        return new(result);
    }

    public override ValueTask<InterceptionResult<int>> NonQueryExecutingAsync(
        DbCommand command, CommandEventData eventData, InterceptionResult<int> result,
        CancellationToken cancellationToken = default)
    {
        if (eventData.CommandSource != CommandSource.SaveChanges)
            Reject(eventData);
        return new(result);
    }

    public override ValueTask<InterceptionResult<object>> ScalarExecutingAsync(
        DbCommand command, CommandEventData eventData, InterceptionResult<object> result,
        CancellationToken cancellationToken = default)
    {
        Reject(eventData);
        return new(result);
    }

    public override Task CommandFailedAsync(
        DbCommand command, CommandErrorEventData eventData, CancellationToken cancellationToken = default)
    {
        (eventData.Context as ECommerceDbContext)?.Transaction?.Doom(eventData.Exception);
        return Task.CompletedTask;
    }

    public override InterceptionResult<int> NonQueryExecuting(
        DbCommand command, CommandEventData eventData, InterceptionResult<int> result) =>
        throw Synchronous();

    public override InterceptionResult<DbDataReader> ReaderExecuting(
        DbCommand command, CommandEventData eventData, InterceptionResult<DbDataReader> result) => throw Synchronous();

    public override InterceptionResult<object> ScalarExecuting(
        DbCommand command, CommandEventData eventData, InterceptionResult<object> result) =>
        throw Synchronous();

    InterceptionResult IDbConnectionInterceptor.ConnectionOpening(
        DbConnection connection, ConnectionEventData eventData, InterceptionResult result) =>
        throw Synchronous();

    // A session that was lost in the middle of a write must not be replaced by one without its transaction.
    async ValueTask<InterceptionResult> IDbConnectionInterceptor.ConnectionOpeningAsync(
        DbConnection connection, ConnectionEventData eventData, InterceptionResult result,
        CancellationToken cancellationToken)
    {
        if (eventData.Context is ECommerceDbContext { Transaction: not null })
            throw new IOException("The session of this write transaction is lost.");
        await gate.OpenAsync(connection, cancellationToken);
        return InterceptionResult.Suppress();
    }

    private static NotSupportedException Synchronous() => new("Statements are executed asynchronously.");

    private static void Reject(CommandEventData eventData)
    {
        if (eventData.Context is not ECommerceDbContext { Transaction.IsBulk: true })
        {
            throw new InvalidOperationException(
                $"A statement past the change tracker ({eventData.CommandSource}) names its tags: "
                + "WriteTransaction.BulkAsync.");
        }
    }
}
