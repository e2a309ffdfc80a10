namespace ECommerce.Features.Common.Http;

/// <summary>
/// One page of a list and the total number of items. Both are in one cache entry, so that they are always consistent.
/// </summary>
internal sealed record PagedResult<T>(IReadOnlyList<T> Items, long Total, int Page, int Limit);
