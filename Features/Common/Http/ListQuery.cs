namespace ECommerce.Features.Common.Http;

/// <summary>
/// The query parameters of every list. A derived query adds its filters, one property each, read in the constructor.
/// </summary>
public abstract class ListQuery : ReadQuery
{
    protected ListQuery(QueryReader reader)
    {
        ArgumentNullException.ThrowIfNull(reader);
        Page = reader.Number("page", fallback: 1, minimum: 1, maximum: 1_000_000);
        Limit = reader.Number("limit", fallback: 10, minimum: 1, maximum: 500);
        Canonical = reader.Canonical;
    }

    public int Page { get; }

    public int Limit { get; }

    internal long Offset => (long)(Page - 1) * Limit;

    /// <summary>
    /// The known parameters that differ from their defaults: the cache key of the list is computed from them.
    /// </summary>
    internal IReadOnlyCollection<KeyValuePair<string, string>> Canonical { get; }
}
