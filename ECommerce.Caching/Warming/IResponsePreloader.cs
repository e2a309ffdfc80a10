namespace ECommerce.Caching.Warming;

/// <summary>Brings stored responses from Redis to the memory of this node before requests need them.</summary>
public interface IResponsePreloader
{
    /// <summary>
    /// Loads the response that shows a value, if Redis has a usable one and memory has none. It counts as no hit and no
    /// miss, and an unavailable Redis is no error.
    /// </summary>
    /// <param name="key">The key of the data.</param>
    Task LoadAsync(string key);
}
