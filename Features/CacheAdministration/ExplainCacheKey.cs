using ECommerce.Caching.Administration;
using ECommerce.Caching.Inspection;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace ECommerce.Features.CacheAdministration;

public sealed class CacheKeyQuery : ReadQuery
{
    public CacheKeyQuery(QueryReader reader)
    {
        ArgumentNullException.ThrowIfNull(reader);
        Key = reader.Required("key", maxLength: 1024);
    }

    public string Key { get; }

    public static ValueTask<CacheKeyQuery> BindAsync(HttpContext context) =>
        QueryReader.BindAsync(context, static reader => new CacheKeyQuery(reader));
}

internal static class ExplainCacheKey
{
    public static async Task<Results<Ok<NodeReports<KeyExplanation>>, ProblemHttpResult>> Handle(
        CacheKeyQuery query, CacheScope scope, ICacheInspector inspector, ICacheAdministration administration,
        CancellationToken ct) =>
        scope.IsForeignKey(query.Key, inspector)
            ? CachePatterns.OfAnotherTenant(scope)
            : TypedResults.Ok(await administration.ExplainAsync(query.Key, ct));
}
