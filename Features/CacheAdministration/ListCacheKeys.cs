using ECommerce.Caching.Inspection;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace ECommerce.Features.CacheAdministration;

public sealed class CacheKeysQuery(QueryReader reader) : ReadQuery
{
    public string Pattern { get; } = reader.Text("pattern", CachePatterns.MaxLength) ?? "*";

    public string? Cursor { get; } = reader.Text("cursor", maxLength: 2048);

    public int Limit { get; } = reader.Number("limit", fallback: 100, minimum: 1, maximum: 500);

    public static ValueTask<CacheKeysQuery> BindAsync(HttpContext context) =>
        QueryReader.BindAsync(context, static reader => new CacheKeysQuery(reader));
}

/// <summary>
/// A step of a listing: with a next cursor there may be more, though there are few keys here or none.
/// </summary>
internal sealed record CacheKeyList(IReadOnlyList<CachedKey> Items, string? NextCursor);

internal static class ListCacheKeys
{
    public static async Task<Results<Ok<CacheKeyList>, ProblemHttpResult>> Handle(
        CacheKeysQuery query, CacheScope scope, ICacheInspector inspector, CancellationToken ct)
    {
        if (scope.IsForeign(query.Pattern, inspector))
            return CachePatterns.OfAnotherTenant(scope);
        try
        {
            var page = await inspector.ListKeysAsync(query.Pattern, scope.Tenant, query.Cursor, query.Limit, ct);
            return page.Redis is RedisAvailability.Unavailable
                ? CachePatterns.RedisUnavailable()
                : TypedResults.Ok(new CacheKeyList(page.Keys, page.NextCursor));
        }
        catch (ArgumentException)
        {
            throw BadInputException.OfQuery("cursor", "cursor must be the next_cursor of a response.");
        }
    }
}
