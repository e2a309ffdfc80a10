using System.Text;

namespace ECommerce.Api.Tests.Hostile;

/// <summary>Bodies whose end is unclear or never comes: none is read as a part of the next request.</summary>
public sealed class FramingTests(ApiFixture fixture)
{
    private const string Product = """{"name":"framed","price":1}""";

    private Uri Server => fixture.Api.Anonymous().BaseAddress!;

    [Theory]
    [InlineData("zz\r\n")]
    [InlineData("-1\r\n")]
    [InlineData("ffffffffffffffff\r\n")]
    [InlineData("2\r\n{}xx")]
    [InlineData("2\n{}\n0\n\n")]
    public async Task Bad_chunk_is_400_and_closes_the_connection(string body)
    {
        using var connection = await RawHttp.ConnectAsync(Server);

        var response = await connection.SendAsync($"{Head("Transfer-Encoding: chunked")}{body}");

        response.Problem(400);
        Assert.True(await connection.IsClosedAsync());
    }

    [Fact]
    public async Task Chunked_body_is_read_to_its_end_and_the_next_request_is_served()
    {
        using var connection = await RawHttp.ConnectAsync(Server);

        var created = await connection.SendAsync($"{Head("Transfer-Encoding: chunked")}{Chunks(Product)}");
        var next = await connection.SendAsync("GET /alive HTTP/1.1\r\nHost: localhost\r\n\r\n");

        Assert.Equal(201, created.Status);
        Assert.Equal(200, next.Status);
    }

    [Theory]
    [InlineData("Content-Length: 4\r\nTransfer-Encoding: chunked")]
    [InlineData("Transfer-Encoding: chunked\r\nContent-Length: 40")]
    public async Task Length_beside_chunks_is_400_and_nothing_behind_is_executed(string framing)
    {
        using var connection = await RawHttp.ConnectAsync(Server);

        var response = await connection.SendAsync(
            $"{Head(framing)}{Chunks(Product)}GET /alive HTTP/1.1\r\nHost: localhost\r\n\r\n");

        response.Problem(400, "ambiguous_length");
        Assert.True(await connection.IsClosedAsync());
    }

    [Fact]
    public async Task Body_longer_than_the_limit_is_413_before_it_is_sent()
    {
        using var connection = await RawHttp.ConnectAsync(Server);

        var response = await connection.SendAsync(Head("Content-Length: 4000000000"));

        response.Problem(413, "body_too_large");
    }

    [Fact]
    public async Task Endless_chunked_body_is_413()
    {
        using var connection = await RawHttp.ConnectAsync(Server);
        await connection.WriteAsync(Head("Transfer-Encoding: chunked"));
        var chunk = $"10000\r\n{new string(' ', 0x10000)}\r\n";
        for (var i = 0; i < 20; i++)
            await connection.WriteAsync(chunk);

        var response = await connection.ReadAsync();

        response!.Problem(413, "body_too_large");
    }

    [Fact]
    public async Task Body_of_a_GET_is_not_the_next_request()
    {
        using var connection = await RawHttp.ConnectAsync(Server);

        var first = await connection.SendAsync(
            "GET /alive HTTP/1.1\r\nHost: localhost\r\nContent-Length: 19\r\n\r\nGET /x HTTP/1.1\r\n\r\n");
        var second = await connection.SendAsync("GET /alive HTTP/1.1\r\nHost: localhost\r\n\r\n");

        Assert.Equal((200, 200), (first.Status, second.Status));
    }

    private string Head(string framing) =>
        $"POST /api/v1/products HTTP/1.1\r\nHost: localhost\r\n"
        + $"Authorization: Bearer {fixture.TokenOf("acme.admin")}\r\n"
        + $"Content-Type: application/json\r\n{framing}\r\n\r\n";

    private static string Chunks(string body) => $"{Encoding.UTF8.GetByteCount(body):x}\r\n{body}\r\n0\r\n\r\n";
}
