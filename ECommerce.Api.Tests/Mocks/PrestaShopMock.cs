using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using ECommerce.Mocks.PrestaShop;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace ECommerce.Api.Tests.Mocks;

/// <summary>The mock under test: a small shop by default.</summary>
public sealed class PrestaShopMock : IAsyncDisposable
{
    public const string Key = "DEMOKEYDEMOKEYDEMOKEYDEMOKEY1234";

    private readonly WebApplicationFactory<ShopOptions> _factory;
    private readonly Uri _address;

    public PrestaShopMock()
        : this([])
    {
    }

    internal PrestaShopMock(params (string Name, string Value)[] settings)
        : this(null, settings)
    {
    }

    internal PrestaShopMock(TimeProvider? time, params (string Name, string Value)[] settings)
    {
        _factory = new WebApplicationFactory<ShopOptions>().WithWebHostBuilder(host =>
        {
            foreach (var (name, value) in SmallShop.Concat(settings))
                host.UseSetting(name, value);
            host.ConfigureLogging(logging => logging.ClearProviders());
            if (time is not null)
                host.ConfigureServices(services => services.AddSingleton(time));
        });
        // A real server: headers, broken connections and empty responses are what clients will see.
        _factory.UseKestrel(0);
        _factory.StartServer();
        var features = _factory.Services.GetRequiredService<IServer>().Features;
        _address = new(features.Get<IServerAddressesFeature>()!.Addresses.Single());
        Client = Authorized(Key);
    }

    private static (string Name, string Value)[] SmallShop =>
        [("products", "60"), ("customers", "40"), ("addresses", "60"), ("orders", "200"),
            ("urls", "http://127.0.0.1:0")];

    public HttpClient Client { get; }

    public Uri Address => _address;

    /// <summary>The shop's time zone.</summary>
    public string Zone => _factory.Services.GetRequiredService<Microsoft.Extensions.Options.IOptions<ShopOptions>>()
        .Value.Zone;

    public HttpClient Anonymous() => new() { BaseAddress = _address };

    public HttpClient Authorized(string key)
    {
        var client = Anonymous();
        var credentials = Convert.ToBase64String(Encoding.UTF8.GetBytes($"{key}:"));
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Basic", credentials);
        return client;
    }

    /// <summary>GET with output_format=JSON.</summary>
    public async Task<JsonNode> GetAsync(string path)
    {
        using var response = await SendAsync(path);
        return await JsonAsync(response);
    }

    public Task<HttpResponseMessage> SendAsync(string path, HttpClient? client = null) => (client ?? Client).GetAsync(
        new Uri(
            $"{path}{(path.Contains('?', StringComparison.Ordinal) ? '&' : '?')}output_format=JSON", UriKind.Relative),
        TestContext.Current.CancellationToken);

    /// <summary>The ids of a list; none for the bare array that stands for an empty one.</summary>
    public async Task<int[]> IdsAsync(string resource, string query)
    {
        var body = await GetAsync($"/api/{resource}?{query}");
        return body is JsonArray ? [] : [.. body[resource]!.AsArray().Select(row => (int)row!["id"]!)];
    }

    public async Task<JsonNode[]> ListAsync(string resource, string query = "")
    {
        var body = await GetAsync($"/api/{resource}?display=full&sort=[id_ASC]&{query}");
        // Its one member, which has another name than the resource where that is a singular.
        return body is JsonArray ? [] : [.. body.AsObject().Single().Value!.AsArray().Select(row => row!)];
    }

    /// <summary>The status and the error codes of a response.</summary>
    public async Task<(int Status, int[] Codes, string Message)> ErrorAsync(string path, HttpClient? client = null)
    {
        using var response = await SendAsync(path, client);
        var errors = (await JsonAsync(response))["errors"]!.AsArray();
        return (
            (int)response.StatusCode, [.. errors.Select(error => (int)error!["code"]!)], (
                string)errors[0]!["message"]!);
    }

    public async Task<HttpResponseMessage> ControlAsync(HttpMethod method, string path, string? json = null)
    {
        using var request = new HttpRequestMessage(method, new Uri($"/__mock/{path}", UriKind.Relative));
        if (json is not null)
            request.Content = new StringContent(json, Encoding.UTF8, "application/json");
        return await Client.SendAsync(request, TestContext.Current.CancellationToken);
    }

    public static async Task<JsonNode> JsonAsync(HttpResponseMessage response) =>
        JsonNode.Parse(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken))!;

    public ValueTask DisposeAsync()
    {
        Client.Dispose();
        return _factory.DisposeAsync();
    }
}
