namespace ECommerce.Api.Tests.Hostile;

/// <summary>Request targets and methods that programs trip over: none reaches anything, and none is a 500.</summary>
public sealed class TargetTests(ApiFixture fixture)
{
    private Uri Server => fixture.Api.Anonymous().BaseAddress!;

    [Theory]
    [InlineData("/api/v1/products/%FF")]
    [InlineData("/api/v1/products/%C0%AF")]
    [InlineData("/api/v1/products/%ED%A0%80")]
    [InlineData("/api/v1/products/%F0%9F")]
    [InlineData("/api/v1/products/%")]
    [InlineData("/api/v1/products/%zz")]
    [InlineData("/api/v1/products/1%0D%0AX-Injected:1")]
    [InlineData("/api/v1/products/..%2f..%2f..%2fetc%2fpasswd")]
    [InlineData("/../../../../etc/passwd")]
    [InlineData("/%2e%2e/%2e%2e/%2e%2e/etc/passwd")]
    [InlineData("/swagger/..%5c..%5cappsettings.json")]
    [InlineData("/swagger/%2e%2e/%2e%2e/appsettings.json")]
    [InlineData("//evil.example/api/v1/products")]
    [InlineData("/api/v1/products/1;/../999999999")]
    [InlineData("/api//v1/products")]
    public async Task Odd_path_is_404_as_a_problem(string target)
    {
        using var connection = await RawHttp.ConnectAsync(Server);

        var response = await connection.SendAsync(Request("GET", target));

        response.Problem(404, "not_found");
        Assert.DoesNotContain("X-Injected", response.Headers.Keys);
    }

    [Fact]
    public async Task Path_of_a_thousand_parent_folders_is_404()
    {
        using var connection = await RawHttp.ConnectAsync(Server);

        var response = await connection.SendAsync(
            Request("GET", $"/api/v1{string.Concat(Enumerable.Repeat("/..", 1_000))}/etc/passwd"));

        response.Problem(404);
    }

    [Theory]
    [InlineData("search=%FF%FE")]
    [InlineData("search=%ED%A0%80")]
    [InlineData("search=%C0%80")]
    [InlineData("%00=%00")]
    [InlineData("page=%31")]
    [InlineData("&&=&=%zz&search=%zz")]
    public async Task Odd_query_is_a_list_or_a_problem(string query)
    {
        using var connection = await RawHttp.ConnectAsync(Server);

        var response = await connection.SendAsync(Request("GET", $"/api/v1/products?{query}"));

        if (response.Status != 200)
            response.Problem(400);
        Assert.True(response.Headers.ContainsKey("X-Request-ID"));
    }

    [Theory]
    [InlineData("FOO")]
    [InlineData("TRACE")]
    [InlineData("PROPFIND")]
    [InlineData("A-VERY-LONG-METHOD-THAT-NO-SERVER-KNOWS-AND-NO-CLIENT-SENDS")]
    public async Task Unknown_method_is_405(string method)
    {
        using var connection = await RawHttp.ConnectAsync(Server);

        var response = await connection.SendAsync(Request(method, "/api/v1/products"));

        response.Problem(405, "method_not_allowed");
        Assert.Contains("GET", response.Headers["Allow"]);
    }

    [Theory]
    [InlineData("OPTIONS", "*")]
    [InlineData("CONNECT", "evil.example:443")]
    [InlineData("OPTIONS", "/nothing")]
    public async Task Target_of_another_form_is_refused_as_a_problem(string method, string target)
    {
        using var connection = await RawHttp.ConnectAsync(Server);

        var response = await connection.SendAsync(
            $"{method} {target} HTTP/1.1\r\nHost: {(target.Contains(':') ? target : "localhost")}\r\n\r\n");

        Assert.InRange(response.Status, 400, 499);
        response.Problem(response.Status);
    }

    [Fact]
    public async Task HTTP_1_0_is_served_and_the_connection_closed()
    {
        using var connection = await RawHttp.ConnectAsync(Server);

        await connection.WriteAsync("GET /alive HTTP/1.0\r\n\r\n");

        // The end of the body is the end of the connection.
        var response = await connection.ReadToEndAsync();
        Assert.StartsWith("HTTP/1.1 200 OK\r\n", response);
        Assert.EndsWith("\r\n\r\nHealthy", response);
        Assert.Contains("X-Request-ID: ", response);
        Assert.DoesNotContain("Transfer-Encoding", response);
    }

    [Fact]
    public async Task HTTP_2_without_TLS_is_closed_and_not_left_hanging()
    {
        using var connection = await RawHttp.ConnectAsync(Server);

        await connection.WriteAsync("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");

        // A GOAWAY frame, no text.
        Assert.DoesNotContain("HTTP/1.1 500", await connection.ReadToEndAsync());
    }

    private string Request(string method, string target) =>
        $"{method} {target} HTTP/1.1\r\nHost: localhost\r\n"
        + $"Authorization: Bearer {fixture.TokenOf("acme.admin")}\r\n\r\n";
}
