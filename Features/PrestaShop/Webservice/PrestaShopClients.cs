using System.Net.Http.Headers;
using System.Text;
using Refit;

namespace ECommerce.Features.PrestaShop.Webservice;

/// <summary>Creates the client of a shop with the shop's API key.</summary>
internal sealed class PrestaShopClients(ShopSecrets shops, IHttpClientFactory clients, TimeProvider time)
{
    public const string ClientName = "prestashop-webservice";

    // Refit's own exception would carry the request, and with it the API key.
    private static readonly RefitSettings Settings = new()
    {
        TransportExceptionFactory = static (_, exception, _) => exception,
    };

    /// <summary>Null when the tenant has no such shop or the shop is inactive.</summary>
    public async Task<PrestaShopClient?> OpenAsync(Tenant tenant, int shopId, CancellationToken ct)
    {
        if (await shops.FindAsync(tenant, shopId, ct) is not { } access)
            return null;
        return Create(clients.CreateClient(ClientName), access.BaseUrl, access.ApiKey, time);
    }

    internal static PrestaShopClient Create(HttpClient http, Uri baseUrl, string apiKey, TimeProvider time)
    {
        http.BaseAddress = new Uri(baseUrl.ToString().TrimEnd('/'));
        // Basic, with the key as user and no password.
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue(
            "Basic", Convert.ToBase64String(Encoding.ASCII.GetBytes($"{apiKey}:")));
        return new PrestaShopClient(RestService.For<IPrestaShopWebservice>(http, Settings), time);
    }
}
