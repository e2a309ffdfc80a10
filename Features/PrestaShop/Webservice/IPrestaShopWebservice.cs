using System.Net.Http.Headers;
using System.Runtime.CompilerServices;
using RestEase;

[assembly: InternalsVisibleTo(RestClient.FactoryAssemblyName)]

namespace ECommerce.Features.PrestaShop.Webservice;

/// <summary>
/// The part of the PrestaShop webservice that is read. Every status is returned: <see cref="PrestaShopBody"/> decides
/// what it means.
/// </summary>
[AllowAnyStatusCode]
internal interface IPrestaShopWebservice
{
    /// <summary>Basic authentication with the API key as user and no password.</summary>
    [Header("Authorization")]
    AuthenticationHeaderValue Authorization { get; set; }

    [Get("api/{resource}")]
    Task<HttpResponseMessage> ListAsync(
        [Path] string resource, [QueryMap] IDictionary<string, string> query, CancellationToken ct);
}
