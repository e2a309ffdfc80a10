namespace ECommerce.Api.Tests.Hostile;

/// <summary>Production: hosts that AllowedHosts does not name are refused, and browsers use HTTPS only.</summary>
public sealed class ProductionHostTests(ApiFixture fixture) : IAsyncLifetime
{
    private ApiFactory _api = null!;
    private Uri _server = null!;

    public async ValueTask InitializeAsync()
    {
        _api = new ApiFactory(
            await fixture.MySql.CreateDatabaseAsync(), fixture.Redis.ConnectionString, "Production",
            ("AllowedHosts", "shop.example"), ("TRUSTED_PROXIES", "127.0.0.1,::1,::ffff:127.0.0.1"));
        await _api.StartAsync();
        _server = _api.Anonymous().BaseAddress!;
    }

    [Theory]
    [InlineData("GET /alive HTTP/1.1\r\nHost: evil.example\r\n\r\n")]
    [InlineData("GET /alive HTTP/1.1\r\nHost: shop.example.evil.example\r\n\r\n")]
    [InlineData("GET http://evil.example/alive HTTP/1.1\r\nHost: evil.example\r\n\r\n")]
    [InlineData("GET /alive HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")]
    [InlineData("GET /alive HTTP/1.1\r\nHost:\r\n\r\n")]
    [InlineData("GET /alive HTTP/1.0\r\n\r\n")]
    public async Task Foreign_or_missing_host_is_400(string request)
    {
        using var connection = await RawHttp.ConnectAsync(_server);

        var response = await connection.SendAsync(request);

        response.Problem(400, "unknown_host");
    }

    [Theory]
    [InlineData("GET http://shop.example/alive HTTP/1.1\r\nHost: shop.example\r\n\r\n")]
    [InlineData("GET /alive HTTP/1.1\r\nHost: SHOP.example:443\r\n\r\n")]
    [InlineData("GET /alive HTTP/1.0\r\nHost: shop.example\r\n\r\n")]
    [InlineData("GET /alive HTTP/1.1\r\nHost: shop.example\r\nX-Forwarded-Host: evil.example\r\n\r\n")]
    public async Task Named_host_is_served(string request)
    {
        using var connection = await RawHttp.ConnectAsync(_server);

        Assert.Equal(200, (await connection.SendAsync(request)).Status);
    }

    [Theory]
    [InlineData("/alive", 200)]
    [InlineData("/nothing", 404)]
    [InlineData("/api/v1/products", 401)]
    public async Task Every_response_over_HTTPS_has_Strict_Transport_Security(string path, int status)
    {
        using var connection = await RawHttp.ConnectAsync(_server);

        var secure = await connection.SendAsync(Request("GET", path, "X-Forwarded-Proto: https\r\n"));
        var plain = await connection.SendAsync(Request("GET", path, ""));

        Assert.Equal((status, status), (secure.Status, plain.Status));
        Assert.Equal("max-age=31536000", secure.Headers.GetValueOrDefault("Strict-Transport-Security"));
        // Over HTTP the header would be ignored, or forged.
        Assert.False(plain.Headers.ContainsKey("Strict-Transport-Security"));
    }

    [Fact]
    public async Task Error_raised_by_an_exception_has_Strict_Transport_Security_too()
    {
        using var connection = await RawHttp.ConnectAsync(_server);

        var response = await connection.SendAsync(
            Request("POST", "/api/v1/auth/login", "X-Forwarded-Proto: https\r\nContent-Type: application/json\r\n")
                .Replace("\r\n\r\n", "\r\nContent-Length: 1\r\n\r\n{"));

        response.Problem(400, "malformed_json");
        Assert.Equal("max-age=31536000", response.Headers.GetValueOrDefault("Strict-Transport-Security"));
    }

    public ValueTask DisposeAsync() => _api.DisposeAsync();

    private static string Request(string method, string path, string headers) =>
        $"{method} {path} HTTP/1.1\r\nHost: shop.example\r\n{headers}\r\n";
}
