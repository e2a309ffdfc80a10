using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;

namespace ECommerce.Api.Tests.Hostile;

/// <summary>HTTP over a bare socket: what no client library would send.</summary>
internal sealed class RawHttp : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly Socket _socket = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private readonly List<byte> _received = [];

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public static async Task<RawHttp> ConnectAsync(Uri server)
    {
        var connection = new RawHttp();
        await connection._socket.ConnectAsync(new IPEndPoint(IPAddress.Loopback, server.Port), Ct);
        return connection;
    }

    /// <summary>Sends a text, one byte per character, and returns the response.</summary>
    public async Task<RawResponse> SendAsync(string request)
    {
        await WriteAsync(request);
        return await ReadAsync()
            ?? throw new InvalidOperationException("The connection was closed without a response.");
    }

    public async Task WriteAsync(string text)
    {
        // The server may close the connection before it has read all of it.
        try
        {
            await _socket.SendAsync(Encoding.Latin1.GetBytes(text), Ct);
        }
        catch (SocketException)
        {
        }
    }

    /// <summary>The next response; null at the end of the connection.</summary>
    public async Task<RawResponse?> ReadAsync()
    {
        while (true)
        {
            if (RawResponse.TryTake(_received, isEnd: false) is { } response)
                return response;
            if (!await ReceiveAsync())
            {
                if (RawResponse.TryTake(_received, isEnd: true) is { } last)
                    return last;
                Assert.True(_received.Count == 0, $"Half a response: {Encoding.Latin1.GetString([.. _received])}");
                return null;
            }
        }
    }

    /// <summary>All until the end of the connection, as it is.</summary>
    public async Task<string> ReadToEndAsync()
    {
        while (await ReceiveAsync())
            continue;
        return Encoding.Latin1.GetString([.. _received]);
    }

    /// <summary>Waits for the end of the connection and returns whether nothing came before it.</summary>
    public async Task<bool> IsClosedAsync() => await ReadAsync() is null;

    public void Dispose() => _socket.Dispose();

    private async Task<bool> ReceiveAsync()
    {
        var buffer = new byte[4096];
        try
        {
            var count = await _socket.ReceiveAsync(buffer, Ct).AsTask().WaitAsync(Patience, Ct);
            _received.AddRange(buffer.AsSpan(0, count));
            return count > 0;
        }
        catch (SocketException reset) when (reset.SocketErrorCode == SocketError.ConnectionReset)
        {
            return false;
        }
    }
}

/// <summary>A response with its body.</summary>
internal sealed record RawResponse(int Status, IReadOnlyDictionary<string, string> Headers, string Body)
{
    /// <summary>Takes a response from the front; null while it is incomplete.</summary>
    public static RawResponse? TryTake(List<byte> received, bool isEnd)
    {
        var text = Encoding.Latin1.GetString([.. received]);
        var end = text.IndexOf("\r\n\r\n", StringComparison.Ordinal);
        if (end < 0)
            return null;
        var lines = text[..end].Split("\r\n");
        var headers = lines.Skip(1).Select(line => line.Split(": ", 2))
            .ToDictionary(parts => parts[0], parts => parts[1], StringComparer.OrdinalIgnoreCase);
        var rest = text[(end + 4)..];
        var status = int.Parse(lines[0].Split(' ')[1], CultureInfo.InvariantCulture);
        if (headers.ContainsKey("Transfer-Encoding"))
        {
            if (ReadChunks(rest) is not ({ } body, var read))
                return null;
            received.RemoveRange(0, end + 4 + read);
            return new RawResponse(status, headers, body);
        }
        // Without a length the body lasts until the end of the connection.
        if (!headers.ContainsKey("Content-Length") && headers.GetValueOrDefault("Connection") == "close" && !isEnd)
            return null;
        var length = headers.TryGetValue("Content-Length", out var given)
            ? int.Parse(given, CultureInfo.InvariantCulture)
            : isEnd ? rest.Length : 0;
        if (rest.Length < length)
            return null;
        received.RemoveRange(0, end + 4 + length);
        return new RawResponse(status, headers, rest[..length]);
    }

    /// <summary>The problem that the response must be.</summary>
    public JsonNode Problem(int status, string? code = null)
    {
        Assert.True(Status == status, $"{Status} instead of {status}: {Body}");
        Assert.Equal("application/problem+json", Headers.GetValueOrDefault("Content-Type"));
        Assert.True(Headers.ContainsKey("X-Request-ID"), "X-Request-ID is missing.");
        Assert.Equal("nosniff", Headers.GetValueOrDefault("X-Content-Type-Options"));
        var problem = JsonNode.Parse(Body)!;
        Assert.Equal(status, (int)problem["status"]!);
        if (code is not null)
            Assert.Equal(code, (string?)problem["code"]);
        return problem;
    }

    // The body and the number of characters it took; no body while the last chunk is missing.
    private static (string? Body, int Read) ReadChunks(string rest)
    {
        var body = "";
        for (var at = 0; rest.IndexOf("\r\n", at, StringComparison.Ordinal) is var line and >= 0;)
        {
            var length = int.Parse(rest[at..line], NumberStyles.HexNumber, CultureInfo.InvariantCulture);
            at = line + 2 + length + 2;
            if (rest.Length < at)
                break;
            if (length == 0)
                return (body, at);
            body += rest.Substring(line + 2, length);
        }
        return (null, 0);
    }
}
