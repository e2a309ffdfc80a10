namespace ECommerce.Caching.Http;

/// <summary>
/// A response that shows one entity: its row version leads the ETag, so that <c>If-Match</c> can compare it.
/// </summary>
public interface IVersioned
{
    /// <summary>The version of the entity's row; it moves with every write.</summary>
    long RowVersion { get; }
}
