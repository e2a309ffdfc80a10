using Refit;

namespace ECommerce.Features.PrestaShop.Webservice;

/// <summary>
/// The webservice of a shop, as far as it is used. Every status is returned: its meaning is decided where the body is
/// read.
/// </summary>
internal interface IPrestaShopWebservice
{
    /// <summary>
    /// One list; the body is not read yet. With the SHA-1 of a body, a shop from version 8 on responds with 304 where
    /// it would send the same.
    /// </summary>
    [Get("/api/{resource}")]
    Task<HttpResponseMessage> ListAsync(
        string resource, [Query] IDictionary<string, string> query,
        [Header("Local-Content-Sha1")] string? knownSha1, CancellationToken ct);

    /// <summary>Adds a row; the body is XML.</summary>
    [Post("/api/{resource}")]
    Task<HttpResponseMessage> AddAsync(
        string resource, [Query] IDictionary<string, string> query, [Body] HttpContent body, CancellationToken ct);
}
