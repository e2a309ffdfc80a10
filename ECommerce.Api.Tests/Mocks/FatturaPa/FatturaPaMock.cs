using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Xml.Linq;
using ECommerce.Mocks.FatturaPa;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace ECommerce.Api.Tests.Mocks.FatturaPa;

/// <summary>The mock under test, behind a real server: broken connections are what clients will see.</summary>
public sealed class FatturaPaMock : IAsyncDisposable
{
    public const string Key = "KEYOFACME0001";
    public const string OtherKey = "KEYOFGLOBEX0002";

    private readonly WebApplicationFactory<ProviderOptions> _factory;

    public FatturaPaMock()
        : this(null)
    {
    }

    internal FatturaPaMock(TimeProvider? time, params (string Name, string Value)[] settings)
    {
        _factory = new WebApplicationFactory<ProviderOptions>().WithWebHostBuilder(host =>
        {
            host.UseSetting("key", Key).UseSetting("otherKeys", OtherKey).UseSetting("urls", "http://127.0.0.1:0");
            foreach (var (name, value) in settings)
                host.UseSetting(name, value);
            host.ConfigureLogging(logging => logging.ClearProviders());
            if (time is not null)
                host.ConfigureServices(services => services.AddSingleton(time));
        });
        _factory.UseKestrel(0);
        _factory.StartServer();
        var features = _factory.Services.GetRequiredService<IServer>().Features;
        Address = new(features.Get<IServerAddressesFeature>()!.Addresses.Single());
        Client = new HttpClient { BaseAddress = Address };
    }

    public Uri Address { get; }

    public HttpClient Client { get; }

    /// <summary>What directs an API to this mock.</summary>
    internal (string Name, string Value)[] ApiSettings =>
    [
        ("FATTURAPA_BASE_URL", $"{Address}ws/V10.svc/rest"),
        ("FATTURAPA_DOWNLOAD_HOSTS", $"{Address.Host}:{Address.Port}"),
    ];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public Task<HttpResponseMessage> CallAsync(string path) =>
        Client.GetAsync(new Uri($"/ws/V10.svc/rest/{path}", UriKind.Relative), Cancellation);

    public async Task<JsonNode> JsonAsync(string path)
    {
        using var response = await CallAsync(path);
        response.EnsureSuccessStatusCode();
        return JsonNode.Parse(await response.Content.ReadAsStringAsync(Cancellation))!;
    }

    /// <summary>All three steps; the status of the last one.</summary>
    public async Task<string> SendAsync(string fileName, byte[] file, string key = Key)
    {
        var link = await JsonAsync($"UploadStart1/{key}/{fileName}");
        using var request = new HttpRequestMessage(HttpMethod.Put, (string)link["Complete"]!);
        request.Content = new ByteArrayContent(file);
        request.Headers.Add("x-ms-blob-type", "BlockBlob");
        request.Headers.Add("x-ms-version", "2018-03-28");
        using var response = await Client.SendAsync(request, Cancellation);
        response.EnsureSuccessStatusCode();
        return (string)(await JsonAsync($"uploadstop/{key}/{link["Name"]}"))["Status"]!;
    }

    /// <summary>The properties of the events of an account, in their order.</summary>
    public async Task<IReadOnlyList<IReadOnlyDictionary<string, string>>> PoolAsync(
        string key = Key, string query = "")
    {
        var link = (string)(await JsonAsync($"pool/{key}"))["Complete"]!;
        var feed = XDocument.Parse(await Client.GetStringAsync(new Uri(link + query), Cancellation));
        return
        [
            .. feed.Descendants().Where(element => element.Name.LocalName == "properties").Select(
                entry => entry.Elements().ToDictionary(element => element.Name.LocalName, element => element.Value)),
        ];
    }

    /// <summary>The codes of the notification that discards a file; none: it was not discarded.</summary>
    public async Task<string[]> CodesAsync(string stem, string key = Key)
    {
        var entry = (await PoolAsync(key)).LastOrDefault(
            one => one["NomeFile"].StartsWith($"{stem}_NS", StringComparison.Ordinal));
        if (entry is null)
            return [];
        var notification = XDocument.Parse(await Client.GetStringAsync(new Uri(entry["URI"]), Cancellation));
        return [.. notification.Descendants("Codice").Select(code => code.Value)];
    }

    public async Task ControlAsync(string path, object body, HttpMethod? method = null)
    {
        using var request = new HttpRequestMessage(method ?? HttpMethod.Post, $"/__mock/{path}");
        request.Content = JsonContent.Create(
            body, options: new JsonSerializerOptions { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower });
        using var response = await Client.SendAsync(request, Cancellation);
        Assert.True(response.IsSuccessStatusCode, await response.Content.ReadAsStringAsync(Cancellation));
    }

    public Task FaultAsync(string kind, string call, int times = 1, int delayMs = 1000) =>
        ControlAsync("faults", new { kind, call, times, delayMs });

    /// <summary>The calls so far, in their order.</summary>
    public async Task<string[]> CallsAsync() =>
        [.. (await RequestsAsync()).AsArray().Select(request => (string)request!["call"]!)];

    public async Task<JsonNode> RequestsAsync() =>
        JsonNode.Parse(await Client.GetStringAsync(new Uri("/__mock/requests", UriKind.Relative), Cancellation))!;

    public ValueTask DisposeAsync()
    {
        Client.Dispose();
        return _factory.DisposeAsync();
    }
}
