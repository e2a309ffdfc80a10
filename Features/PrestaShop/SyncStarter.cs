using ECommerce.Features.PrestaShop.Webservice;

namespace ECommerce.Features.PrestaShop;

/// <summary>What became of the start of a sync.</summary>
internal enum SyncStartOutcome
{
    Started,

    /// <summary>The tenant has no such shop, or it is inactive.</summary>
    NoShop,

    /// <summary>Another sync of this shop is starting, running or ending.</summary>
    AlreadyRunning,
}

/// <param name="Outcome">Whether a run was started.</param>
/// <param name="Run">The run that was started, or the one that is running; null while its row is not there.</param>
internal sealed record SyncStart(SyncStartOutcome Outcome, long? Run = null);

/// <summary>Starts a sync under the lock that allows one per shop in the whole system.</summary>
internal sealed class SyncStarter(
    PrestaShopClients shops, SyncRuns runs, BusinessLocks locks, SyncRunner runner, WriteTransactions transactions)
{
    private static readonly TimeSpan LeaseTime = TimeSpan.FromSeconds(60);

    /// <param name="tenant">The tenant of the shop.</param>
    /// <param name="shopId">The shop that is read.</param>
    /// <param name="mode">How much of it is read.</param>
    /// <param name="startedBy">The user who asked for it; null for a scheduled one.</param>
    /// <param name="owner">Who holds the lock, for people.</param>
    /// <param name="commit">Commits the row of the run, whose id it is given.</param>
    /// <param name="ct">Cancels the start, not the run.</param>
    public async Task<SyncStart> StartAsync(
        Tenant tenant, int shopId, SyncMode mode, int? startedBy, string owner,
        Func<WriteTransaction, long, Task> commit, CancellationToken ct)
    {
        if (await shops.OpenAsync(tenant, shopId, ct) is not { } shop)
            return new SyncStart(SyncStartOutcome.NoShop);
        if (await locks.TryAcquireAsync(SyncRuns.LockName(tenant, shopId), LeaseTime, owner, ct) is not { } lease)
            return new SyncStart(SyncStartOutcome.AlreadyRunning, await runs.FindRunningAsync(tenant, shopId, ct));

        long run;
        try
        {
            await using var tx = await transactions.BeginAsync(ct);
            run = await SyncRuns.CreateAsync(
                tx, tenant, shopId, lease.Fence, mode == SyncMode.Incremental ? "incremental" : "full", startedBy, ct);
            await commit(tx, run);
        }
        catch
        {
            // The runner owns the lease only once it has started.
            await lease.DisposeAsync();
            throw;
        }
        runner.Start(run, tenant, shopId, mode, shop, lease);
        return new SyncStart(SyncStartOutcome.Started, run);
    }
}
