namespace ECommerce.Features.Common.Http;

/// <summary>
/// One page of a list and how many there are in all. The total stands in the list's own cache entry, so that the two never disagree.
/// </summary>
internal sealed record PagedResult<T>(IReadOnlyList<T> Items, long Total, int Page, int Limit);
