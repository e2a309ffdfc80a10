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
        return Create(clients.CreateClient(ClientName), access, time);
    }

    internal static PrestaShopClient Create(HttpClient http, ShopAccess.ShopAccess access, TimeProvider time)
    {
        http.BaseAddress = new Uri(access.BaseUrl.ToString().TrimEnd('/'));
        if (access.AuthMode == ShopAuthMode.Basic)
        {
            // The key is the user; there is no password.
            http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue(
                "Basic", Convert.ToBase64String(Encoding.ASCII.GetBytes($"{access.ApiKey}:")));
        }
        var webservice = RestService.For<IPrestaShopWebservice>(http, Settings);
        var key = new ShopKey(access.ApiKey, access.AuthMode);
        return new PrestaShopClient(
            new ShopRequests(webservice, key, time), new ShopWriter(webservice, key, time), time)
        {
            Clock = ShopClock.Find(access.TimeZone ?? access.OriginTimeZone) ?? ShopClock.Rome,
            HasOwnZone = access.TimeZone is not null,
        };
    }
}
