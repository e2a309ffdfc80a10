using Refit;

namespace ECommerce.Features.PrestaShop.Webservice;

/// <summary>
/// The webservice of a shop, as far as it is used. Every status is returned: its meaning is decided where the body is
/// read.
/// </summary>
internal interface IPrestaShopWebservice
{
    /// <summary>One list; the body is not read yet.</summary>
    [Get("/api/{resource}")]
    Task<HttpResponseMessage> ListAsync(
        string resource, [Query] IDictionary<string, string> query, CancellationToken ct);

    /// <summary>Adds a row; the body is XML.</summary>
    [Post("/api/{resource}")]
    Task<HttpResponseMessage> AddAsync(
        string resource, [Query] IDictionary<string, string> query, [Body] HttpContent body, CancellationToken ct);
}
