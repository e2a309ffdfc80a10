using System.Net.Http.Headers;
using System.Text;
using RestEase;

namespace ECommerce.Features.PrestaShop.Webservice;

/// <summary>Creates the client of a shop with the shop's API key.</summary>
internal sealed class PrestaShopClients(ShopSecrets shops, IHttpClientFactory clients, TimeProvider time)
{
    public const string ClientName = "prestashop-webservice";

    /// <summary>Null when the tenant has no such shop or the shop is inactive.</summary>
    public async Task<PrestaShopClient?> OpenAsync(Tenant tenant, int shopId, CancellationToken ct)
    {
        if (await shops.FindAsync(tenant, shopId, ct) is not { } access)
            return null;
        var http = clients.CreateClient(ClientName);
        http.BaseAddress = new Uri(access.BaseUrl.ToString().TrimEnd('/') + "/");
        var webservice = RestClient.For<IPrestaShopWebservice>(http);
        webservice.Authorization = new AuthenticationHeaderValue(
            "Basic", Convert.ToBase64String(Encoding.ASCII.GetBytes($"{access.ApiKey}:")));
        return new PrestaShopClient(webservice, time);
    }
}
