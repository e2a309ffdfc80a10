using ECommerce.Caching;
using ECommerce.Features.Invoices.Channel;
using ECommerce.Features.Invoices.Channel.Pool;
using ECommerce.Features.Invoices.Incoming.Files;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace ECommerce.Features.Invoices.Incoming;

/// <summary>Which page of the pool.</summary>
public sealed class PoolPageQuery : ReadQuery
{
    private const int MaxToken = 1024;

    public PoolPageQuery(QueryReader reader)
    {
        ArgumentNullException.ThrowIfNull(reader);
        PageToken = reader.Text("page_token", MaxToken);
    }

    /// <summary>That of the page before; null: the first page.</summary>
    public string? PageToken { get; }

    public static ValueTask<PoolPageQuery> BindAsync(HttpContext context) =>
        QueryReader.BindAsync(context, static reader => new PoolPageQuery(reader));
}

/// <summary>A page of the pool, oldest first.</summary>
/// <param name="Items">At most a thousand.</param>
/// <param name="NextPageToken">Null: this page is the last one for now.</param>
internal sealed record PoolListingPage(IReadOnlyList<PoolListedEvent> Items, string? NextPageToken);

/// <summary>An event as the provider lists it, without the link to its file.</summary>
/// <param name="Direction">sale or purchase.</param>
/// <param name="Kind">As the provider names it.</param>
/// <param name="SdiId">IdentificativoSdI; null: the provider does not know it yet.</param>
/// <param name="FileName">Of the invoice, or of the notification.</param>
/// <param name="ListedAt">By the provider's clock.</param>
internal sealed record PoolListedEvent(
    string Direction, string Kind, string? SdiId, string FileName, DateTime? ListedAt);

/// <summary>One page of the pool as the provider has it now.</summary>
internal static class ListPool
{
    public static async Task<Results<Ok<PoolListingPage>, ProblemHttpResult>> Handle(
        PoolPageQuery query, Tenant tenant, PoolPages pages, MultiLevelCache cache, HttpContext http,
        CancellationToken ct)
    {
        pages.Check(tenant, query.PageToken);
        try
        {
            var page = await cache.GetOrCreateAsync(
                PoolCaching.KeyOf(tenant, query.PageToken), (pages, tenant, query.PageToken),
                static (state, _, ct) => state.pages.ReadAsync(state.tenant, state.PageToken, ct),
                PoolCaching.Pool, ct);
            return page is null ? ProviderProblems.KeyMissing() : TypedResults.Ok(page);
        }
        catch (FatturaPaException failure)
        {
            return ProviderProblems.From(failure, http);
        }
    }
}

/// <summary>Reads single pages of the pool for people.</summary>
internal sealed class PoolPages(FatturaPaChannel channel, ProviderKeys keys, PageTokens tokens)
{
    /// <exception cref="BadInputException">The token is not one of this tenant.</exception>
    public void Check(Tenant tenant, string? pageToken)
    {
        if (pageToken is not null)
            tokens.Open(tenant, pageToken);
    }

    /// <summary>A page; null: the tenant has no API key.</summary>
    /// <exception cref="FatturaPaException">The pool cannot be read.</exception>
    public async ValueTask<PoolListingPage?> ReadAsync(Tenant tenant, string? pageToken, CancellationToken ct)
    {
        // The provider may take seconds; a request must not keep its permit for the database meanwhile.
        DatabaseGate.ReleaseAfterEachUse();
        if (await keys.FindAsync(tenant, ct) is not { Key: var key })
            return null;
        var page = await channel.ReadPoolAsync(tenant, key, pageToken, ct);
        return new PoolListingPage(
            [
                .. page.Items.Select(static entry => new PoolListedEvent(
                    entry.Direction.Name(), entry.Kind, entry.SdiId, entry.FileName, entry.Timestamp?.UtcDateTime)),
            ],
            page.NextPageToken);
    }
}
