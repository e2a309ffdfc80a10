using System.Net;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;

namespace ECommerce.Api.Tests.KeyRotation;

/// <summary>
/// One merchant at work while keys are rotated: reads with an access token, renews it, and uses and replaces the API
/// key of a shop; each on the next replica.
/// </summary>
internal sealed class RotationLoad(IReadOnlyList<Replica> replicas, int number)
{
    private static readonly Tenant Acme = new("acme");

    // A load, and not a measurement of how much the machine bears.
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(20);

    private int _turn;
    private string _apiKey = "a-key";
    private int _shopId;
    private JsonNode _session = null!;
    private int _rounds;
    private volatile TaskCompletionSource? _renewal;

    public int Rounds => Volatile.Read(ref _rounds);

    public async Task RunAsync(CancellationToken stop)
    {
        await UseAsync(async api => _session = await SendAsync(
            api.Anonymous(), HttpMethod.Post, "/api/v1/auth/login",
            new { username = "acme.admin", password = "demo-Passw0rd!" }));
        await UseAsync(async api =>
            _shopId = (int)(await SendAsync(As(api), HttpMethod.Post, "/api/v1/shops", Shop()))["id"]!);
        using var pace = new PeriodicTimer(Pace);
        while (!stop.IsCancellationRequested)
        {
            await UseAsync(ReadAsync);
            await UseAsync(DecryptAsync);
            var renewal = _renewal;
            if (renewal is not null || _rounds % 5 == 0)
                await UseAsync(RenewAsync);
            renewal?.TrySetResult();
            if (_rounds % 5 == 0)
                await UseAsync(ReplaceAsync);
            Interlocked.Increment(ref _rounds);
            await pace.WaitForNextTickAsync(CancellationToken.None);
        }
    }

    /// <summary>Completes when the access token is a new one, as it is after its lifetime at the latest.</summary>
    public async Task RenewedAsync()
    {
        var renewal = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _renewal = renewal;
        await renewal.Task;
        _renewal = null;
    }

    private Task ReadAsync(ApiFactory api) => SendAsync(As(api), HttpMethod.Get, "/api/v1/shops");

    private async Task DecryptAsync(ApiFactory api)
    {
        var access = await api.Services.GetRequiredService<ShopSecrets>()
            .FindAsync(Acme, _shopId, CancellationToken.None);
        Assert.Equal(_apiKey, access!.ApiKey);
    }

    private async Task RenewAsync(ApiFactory api) => _session = await SendAsync(
        api.Anonymous(), HttpMethod.Post, "/api/v1/auth/refresh",
        new { refresh_token = (string)_session["refresh_token"]! });

    private async Task ReplaceAsync(ApiFactory api)
    {
        _apiKey = $"key-{number}-{_rounds}";
        await SendAsync(As(api), HttpMethod.Put, $"/api/v1/shops/{_shopId}", Shop());
    }

    // 503 of a machine that is busy with other things is repeated, as its Retry-After asks for.
    private static async Task<JsonNode> SendAsync(
        HttpClient client, HttpMethod method, string path, object? body = null)
    {
        while (true)
        {
            using var response = await client.CallAsync(method, path, body);
            if (response.StatusCode == HttpStatusCode.ServiceUnavailable)
                continue;
            Assert.True(response.IsSuccessStatusCode, $"{method} {path}: {response.StatusCode}");
            return await response.JsonAsync();
        }
    }

    private object Shop() => new { name = $"Shop {number}", base_url = "https://shop.example", api_key = _apiKey };

    private HttpClient As(ApiFactory api) => api.With((string)_session["access_token"]!);

    // One of the replicas is always there.
    private async Task UseAsync(Func<ApiFactory, Task> use)
    {
        while (!await replicas[_turn++ % replicas.Count].TryUseAsync(use))
        {
        }
    }
}
