using ECommerce.Caching;
using ECommerce.Features.Data.Entities.Invoices;
using ECommerce.Features.Invoices.Channel;
using ECommerce.Features.Invoices.Incoming.Files;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace ECommerce.Features.Invoices.Incoming;

/// <summary>
/// What is known of an invoice by its IdentificativoSdI: one of the tenant, or one of its pool, which is downloaded
/// where it is not stored yet.
/// </summary>
internal static class GetPoolInvoice
{
    public static async Task<Results<Ok<PoolInvoiceDetails>, NotFound, ProblemHttpResult>> Handle(
        string sdi, Tenant tenant, PoolFetch fetch, MultiLevelCache cache, TenantDbContexts contexts,
        HttpContext http, CancellationToken ct)
    {
        if (!PoolEvent.IsSdiId(sdi))
            return TypedResults.NotFound();
        if (await ReadAsync(sdi, tenant, cache, contexts, ct) is { } known)
            return TypedResults.Ok(known);
        try
        {
            switch (await fetch.FetchAsync(tenant, sdi, ct))
            {
                case FetchOutcome.KeyMissing:
                    return ProviderProblems.KeyMissing();
                case FetchOutcome.NotFound:
                    return TypedResults.NotFound();
                case FetchOutcome.Busy:
                    return ProviderProblems.Busy(http);
            }
        }
        catch (FatturaPaException failure)
        {
            return ProviderProblems.From(failure, http);
        }
        return await ReadAsync(sdi, tenant, cache, contexts, ct) is { } stored
            ? TypedResults.Ok(stored)
            : TypedResults.NotFound();
    }

    private static ValueTask<PoolInvoiceDetails?> ReadAsync(
        string sdi, Tenant tenant, MultiLevelCache cache, TenantDbContexts contexts, CancellationToken ct) =>
        cache.GetOrCreateAsync(
            PoolCaching.Meta.Key(tenant, sdi), (contexts, tenant, sdi),
            static async ValueTask<PoolInvoiceDetails?> (state, entry, ct) =>
            {
                await using var db = state.contexts.ForReading(state.tenant);
                return await TenantDbContexts.InSnapshotAsync(
                    db, () => PoolInvoices.FindAsync(db, state.sdi, entry.DependsOn, ct), ct);
            },
            PoolCaching.Meta, ct);
}
