namespace ECommerce.Api.Tests.Hostile;

/// <summary>
/// Requests that the server itself refuses: the response is a problem with an id, and the connection is closed.
/// </summary>
public sealed class MalformedRequestTests(ApiFixture fixture)
{
    private const string Host = "Host: localhost\r\n";

    private Uri Server => fixture.Api.Anonymous().BaseAddress!;

    [Theory]
    [InlineData("GET /alive\r\n\r\n", "no version")]
    [InlineData("GET  /alive HTTP/1.1\r\n" + Host + "\r\n", "two spaces")]
    [InlineData("G\0T /alive HTTP/1.1\r\n" + Host + "\r\n", "NUL in the method")]
    [InlineData("\u0016\u0003\u0001\0\0\r\n\r\n", "TLS to a plain port")]
    [InlineData("GET /%00 HTTP/1.1\r\n" + Host + "\r\n", "NUL in the path")]
    [InlineData("GET /api/v1/products/1%00 HTTP/1.1\r\n" + Host + "\r\n", "NUL behind an id")]
    [InlineData("GET /a\u0001b HTTP/1.1\r\n" + Host + "\0\r\n\r\n", "NUL in a header")]
    [InlineData("GET /alive HTTP/1.1\r\n\r\n", "no host")]
    [InlineData("GET /alive HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", "two hosts")]
    [InlineData("GET /alive HTTP/1.1\r\nHost: a b\r\n\r\n", "a space in the host")]
    [InlineData("GET /alive HTTP/1.1\r\nHost: a/b\r\n\r\n", "a path in the host")]
    [InlineData("GET http://evil.example/alive HTTP/1.1\r\nHost: localhost\r\n\r\n", "target and host differ")]
    [InlineData("GET /alive HTTP/1.1\r\n" + Host + "X : 1\r\n\r\n", "a space before the colon")]
    [InlineData("GET /alive HTTP/1.1\r\n" + Host + "X\r\n\r\n", "no colon")]
    [InlineData("GET /alive HTTP/1.1\r\n" + Host + "X: 1\r\n folded\r\n\r\n", "a folded header")]
    [InlineData("GET /alive HTTP/1.1\r\n" + Host + "X: \u00ff\u00c0\r\n\r\n", "no UTF-8 in a header")]
    [InlineData("GET /alive HTTP/1.1\r\n" + Host + "Content-Length: 1\r\nContent-Length: 2\r\n\r\nab", "two lengths")]
    [InlineData("POST /alive HTTP/1.1\r\n" + Host + "Content-Length: -1\r\n\r\n", "a negative length")]
    [InlineData("POST /alive HTTP/1.1\r\n" + Host + "Content-Length: 1,1\r\n\r\na", "a list of lengths")]
    [InlineData("POST /alive HTTP/1.1\r\n" + Host + "Content-Length: 0x1\r\n\r\na", "a hexadecimal length")]
    [InlineData("POST /alive HTTP/1.1\r\n" + Host + "Content-Length: 9999999999999999999\r\n\r\n", "a huge length")]
    [InlineData("POST /alive HTTP/1.1\r\n" + Host + "Transfer-Encoding: gzip\r\n\r\n", "no chunks at the end")]
    [InlineData("GET /alive HTTP/1.1\n" + "Host: localhost\n\n", "bare line feeds")]
    public async Task Malformed_head_is_400_as_a_problem_and_closes_the_connection(string request, string what)
    {
        using var connection = await RawHttp.ConnectAsync(Server);

        var response = await connection.SendAsync(request);

        Assert.NotEmpty(what);
        var problem = response.Problem(400, "bad_request");
        Assert.Equal("close", response.Headers["Connection"]);
        Assert.Equal(response.Headers["X-Request-ID"], (string?)problem["trace_id"]);
        Assert.True(await connection.IsClosedAsync());
    }

    [Theory]
    [InlineData(1, 33_000)]
    [InlineData(150, 10)]
    public async Task Too_many_or_too_long_headers_are_431(int count, int length)
    {
        using var connection = await RawHttp.ConnectAsync(Server);
        var headers = string.Concat(Enumerable.Range(0, count).Select(i => $"X-{i}: {new string('x', length)}\r\n"));

        var response = await connection.SendAsync($"GET /alive HTTP/1.1\r\n{Host}{headers}\r\n");

        response.Problem(431, "headers_too_large");
        Assert.True(await connection.IsClosedAsync());
    }

    [Fact]
    public async Task Too_long_uri_is_414()
    {
        using var connection = await RawHttp.ConnectAsync(Server);

        var response = await connection.SendAsync(
            $"GET /api/v1/products?search={new string('a', 9_000)} HTTP/1.1\r\n{Host}\r\n");

        response.Problem(414, "uri_too_long");
        Assert.True(await connection.IsClosedAsync());
    }

    [Fact]
    public async Task Unknown_version_is_505()
    {
        using var connection = await RawHttp.ConnectAsync(Server);

        var response = await connection.SendAsync($"GET /alive HTTP/9.9\r\n{Host}\r\n");

        response.Problem(505, "http_version_not_supported");
    }

    [Fact]
    public async Task Refused_HEAD_has_no_body()
    {
        using var connection = await RawHttp.ConnectAsync(Server);

        await connection.WriteAsync($"HEAD /alive HTTP/1.1\r\n{Host}X: {new string('x', 33_000)}\r\n\r\n");

        // A body would be half a response behind it.
        Assert.StartsWith("HTTP/1.1 431", await connection.ReadToEndAsync());
    }

    [Fact]
    public async Task Half_a_request_leaves_the_server_serving_others()
    {
        using (var broken = await RawHttp.ConnectAsync(Server))
            await broken.WriteAsync($"POST /api/v1/products HTTP/1.1\r\n{Host}Content-Length: 100\r\n\r\n{{");
        using var connection = await RawHttp.ConnectAsync(Server);

        var response = await connection.SendAsync($"GET /alive HTTP/1.1\r\n{Host}\r\n");

        Assert.Equal(200, response.Status);
    }

    [Fact]
    public async Task Pipelined_request_after_a_refused_one_is_not_executed()
    {
        using var connection = await RawHttp.ConnectAsync(Server);

        var first = await connection.SendAsync(
            $"GET /%00 HTTP/1.1\r\n{Host}\r\nGET /alive HTTP/1.1\r\n{Host}\r\n");

        first.Problem(400);
        Assert.True(await connection.IsClosedAsync());
    }

    [Fact]
    public async Task Refused_request_on_a_used_connection_is_a_problem_too()
    {
        using var connection = await RawHttp.ConnectAsync(Server);
        Assert.Equal(200, (await connection.SendAsync($"GET /alive HTTP/1.1\r\n{Host}\r\n")).Status);

        (await connection.SendAsync($"GET /%00 HTTP/1.1\r\n{Host}\r\n")).Problem(400);

        Assert.True(await connection.IsClosedAsync());
    }
}
