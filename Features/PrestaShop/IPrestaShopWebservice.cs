using System.Net.Http.Headers;
using System.Runtime.CompilerServices;
using RestEase;

[assembly: InternalsVisibleTo(RestClient.FactoryAssemblyName)]

namespace ECommerce.Features.PrestaShop;

/// <summary>The webservice of a shop, as far as it is read. Any status comes back: what it means is decided where the body is read.</summary>
[AllowAnyStatusCode]
internal interface IPrestaShopWebservice
{
    /// <summary>Basic, with the key as user and no password.</summary>
    [Header("Authorization")]
    AuthenticationHeaderValue Authorization { get; set; }

    [Get("api/{resource}")]
    Task<HttpResponseMessage> ListAsync([Path] string resource, [QueryMap] IDictionary<string, string> query, CancellationToken ct);
}
