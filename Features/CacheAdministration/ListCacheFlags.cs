using ECommerce.Caching;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace ECommerce.Features.CacheAdministration;

internal sealed record CacheFlagList(IReadOnlyList<CacheFlagState> Items);

internal static class ListCacheFlags
{
    public static Ok<CacheFlagList> Handle(ICacheFlags flags) => TypedResults.Ok(new CacheFlagList(flags.All));
}
