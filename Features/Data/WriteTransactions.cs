using System.Data.Common;
using ECommerce.Caching;
using Microsoft.AspNetCore.Http;

namespace ECommerce.Features.Data;

/// <summary>Where writes begin.</summary>
internal sealed class WriteTransactions(
    DbDataSource source, TenantDbContexts contexts, InvalidationRules rules, ICacheInvalidator invalidator,
    OutboxRelay relay, PartitionedNodes partitionedNodes, TimeProvider time, IHttpContextAccessor http)
{
    /// <summary>A write of tables that belong to no tenant.</summary>
    public Task<WriteTransaction> BeginAsync(CancellationToken ct) => BeginAsync(default, ct);

    /// <summary>A write of one tenant's rows.</summary>
    public Task<WriteTransaction> BeginAsync(Tenant tenant, CancellationToken ct) =>
        BeginAsync(tenant, WriteScope.Open(), ct);

    private async Task<WriteTransaction> BeginAsync(Tenant tenant, WriteScope scope, CancellationToken ct)
    {
        WriteTransaction? tx = null;
        try
        {
            var connection = await source.OpenConnectionAsync(ct);
            tx = new WriteTransaction(
                contexts.Lease(tenant, connection), connection, scope, rules, invalidator, relay, partitionedNodes,
                time, http.HttpContext);
            await tx.BeginAsync(ct);
            // First of all, so that of two equal requests one waits here instead of doing the work twice.
            if (http.HttpContext?.Features.Get<IdempotencyClaim>() is { } claim)
                await claim.TakeAsync(tx, ct);
            return tx;
        }
        catch
        {
            scope.Close();
            // Rolled back, not only closed: the pool keeps a session as it is, with an open transaction and its locks.
            if (tx is not null)
                await tx.DisposeAsync();
            throw;
        }
    }
}

/// <summary>Marks the flow of a write transaction from its begin to its commit or rollback.</summary>
internal sealed class WriteScope
{
    private const string Message =
        "Caches and other contexts are not read inside a write transaction: read through its own context.";

    private static readonly AsyncLocal<WriteScope?> Current = new();

    // Closed by a flag: what a method sets in the context of its flow does not reach its caller.
    private volatile bool _isOpen = true;

    /// <summary>
    /// Opens a scope in the caller's flow; must not be called by an asynchronous method, whose flow would end with it.
    /// </summary>
    public static WriteScope Open()
    {
        var scope = new WriteScope();
        Current.Value = scope;
        // Hits too: a cached value does not show what the transaction has written.
        MultiLevelCache.ForbidReads(() => scope._isOpen, Message);
        return scope;
    }

    public void Close() => _isOpen = false;

    /// <exception cref="InvalidOperationException">A write transaction is open in this flow.</exception>
    public static void ThrowIfOpen()
    {
        if (Current.Value is { _isOpen: true })
            throw new InvalidOperationException(Message);
    }
}
