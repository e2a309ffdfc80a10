using System.Data.Common;
using ECommerce.Caching;
using Microsoft.AspNetCore.Http;

namespace ECommerce.Features.Data;

/// <summary>Where writes begin. Reads open a connection of the <see cref="DbDataSource"/> themselves.</summary>
internal sealed class WriteTransactions(DbDataSource source, ICacheInvalidator invalidator, OutboxRelay relay, IHttpContextAccessor http)
{
    public async Task<WriteTransaction> BeginAsync(CancellationToken ct)
    {
        var tx = new WriteTransaction(await source.OpenConnectionAsync(ct), invalidator, relay, http.HttpContext);
        try
        {
            await tx.BeginAsync(ct);
            // First of all, so that of two equal requests one waits here instead of doing the work twice.
            if (http.HttpContext?.Features.Get<IdempotencyClaim>() is { } claim)
                await claim.TakeAsync(tx, ct);
            return tx;
        }
        catch
        {
            // Rolled back, not only closed: the pool keeps a session as it is, with an open transaction and its locks.
            await tx.DisposeAsync();
            throw;
        }
    }
}
