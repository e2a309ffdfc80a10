using System.IO.Compression;
using System.Net;
using ECommerce.Caching.Memory;
using ECommerce.Caching.Serialization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace ECommerce.Caching.Tests.Http;

/// <summary>Responses in a content coding: made once, with a tag of their own, for clients that accept it.</summary>
public class ContentCodingTests
{
    private static readonly string Long = new('x', 5000);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("gzip, deflate, br, zstd", "br")]
    [InlineData("gzip", "gzip")]
    [InlineData("br;q=0.5, gzip;q=0.8", "gzip")]
    [InlineData("br;q=0, gzip", "gzip")]
    [InlineData("br;q=0", null)]
    [InlineData("BR", "br")]
    [InlineData("*", null)]
    [InlineData("deflate", null)]
    [InlineData("identity", null)]
    [InlineData("", null)]
    public async Task The_coding_that_the_client_prefers_is_the_same_on_all_layers(string accepts, string? coding)
    {
        await using var redis = await RedisServer.StartAsync();
        await using var one = await MappedSite.StartAsync(redis, Map);
        await using var two = await MappedSite.StartAsync(redis, Map);
        (string, string)[] accept = accepts.Length == 0 ? [] : [("Accept-Encoding", accepts)];
        using var plain = await one.GetAsync("/o/plain");
        var body = await plain.Content.ReadAsStringAsync(Ct);

        using var made = await one.GetAsync("/o/1", accept);
        await one.StoredAsync(1);
        using var fromMemory = await one.GetAsync("/o/1", accept);
        using var fromRedis = await two.GetAsync("/o/1", accept);

        Assert.EndsWith("detail=redis", fromRedis.CacheStatus());
        foreach (var response in (HttpResponseMessage[])[made, fromMemory, fromRedis])
        {
            Assert.Equal(coding, response.Header("Content-Encoding"));
            Assert.Contains("Accept-Encoding", response.Headers.Vary);
            Assert.Equal(body, await DecodedAsync(response));
            Assert.EndsWith(coding is null ? "\"" : $"-{coding}\"", response.Headers.ETag!.Tag);
            Assert.False(response.Headers.ETag.IsWeak);
        }
        Assert.Equal(made.Headers.ETag, fromMemory.Headers.ETag);
        Assert.Equal(made.Headers.ETag, fromRedis.Headers.ETag);
    }

    [Theory]
    [InlineData("gzip", "br")]
    [InlineData("br", "")]
    [InlineData("", "gzip")]
    public async Task If_none_match_accepts_the_tag_of_the_same_body_in_any_coding(string first, string second)
    {
        await using var site = await MappedSite.StartAsync(null, Map);
        using var known = await site.GetAsync("/o/1", ("Accept-Encoding", first));
        var tag = known.Headers.ETag!.Tag;
        await site.StoredAsync(1);

        using var hit = await site.GetAsync("/o/1", ("Accept-Encoding", second), ("If-None-Match", tag));
        await site.Invalidator.InvalidateAsync([MappedSite.Key(1)], Ct);
        using var miss = await site.GetAsync("/o/1", ("Accept-Encoding", second), ("If-None-Match", tag));

        foreach (var response in (HttpResponseMessage[])[hit, miss])
        {
            Assert.Equal(HttpStatusCode.NotModified, response.StatusCode);
            Assert.Equal(tag, response.Headers.ETag!.Tag);
            Assert.Null(response.Header("Content-Encoding"));
        }
    }

    [Fact]
    public async Task Short_bodies_are_sent_as_they_are()
    {
        await using var site = await MappedSite.StartAsync(null, (group, site) => group.MapGet(
            "/o/{id}", async (string id) => TypedResults.Ok(await site.ReadAsync(id, new string('x', 900))))
            .CacheOutput(policy => MappedSite.Under(policy)));
        using var made = await site.GetAsync("/o/1", ("Accept-Encoding", "br"));
        await site.StoredAsync(1);
        using var hit = await site.GetAsync("/o/1", ("Accept-Encoding", "br"));

        Assert.Null(made.Header("Content-Encoding"));
        Assert.Null(hit.Header("Content-Encoding"));
    }

    [Fact]
    public async Task A_body_is_compressed_once_and_counts_within_the_limits_of_memory()
    {
        await using var site = await MappedSite.StartAsync(null, Map);
        var layer = site.Services.GetRequiredService<MemoryLayer>();
        (await site.GetAsync("/o/1")).Dispose();
        await site.StoredAsync(1);
        var entry = Assert.IsType<CacheEntry<StoredResponse>>(layer.Peek("out:" + MappedSite.Key(1)));
        var (size, bytes) = (entry.Size, layer.Bytes);

        var responses = await Task.WhenAll(
            Enumerable.Range(0, 20).Select(_ => site.GetAsync("/o/1", ("Accept-Encoding", "br"))));
        foreach (var response in responses)
            response.Dispose();

        var coded = entry.Value.FindEncoded(ContentCoding.Brotli)!;
        Assert.NotNull(coded.Body);
        Assert.Null(entry.Value.FindEncoded(ContentCoding.Gzip));
        Assert.Equal(coded.Size, entry.Size - size);
        Assert.Equal(coded.Size, layer.Bytes - bytes);
        layer.Remove(entry);
        Assert.Equal(bytes - size, layer.Bytes);
    }

    [Fact]
    public async Task A_response_that_was_compressed_behind_the_cache_reaches_only_its_own_client()
    {
        await using var site = await MappedSite.StartAsync(
            null, Map, inner: app => app.UseResponseCompression(),
            add: builder => builder.Services.AddResponseCompression());
        using var first = await site.GetAsync("/o/1", ("Accept-Encoding", "gzip"));

        using var second = await site.GetAsync("/o/1");

        Assert.Equal("gzip", first.Header("Content-Encoding"));
        Assert.Null(second.Header("Content-Encoding"));
        Assert.Contains(Long, await second.Content.ReadAsStringAsync(Ct));
    }

    private static void Map(RouteGroupBuilder group, MappedSite site) =>
        group.MapGet("/o/{id}", async (string id) => TypedResults.Ok(await site.ReadAsync(id, Long)))
            .CacheOutput(policy => MappedSite.Under(policy));

    private static async Task<string> DecodedAsync(HttpResponseMessage response)
    {
        var body = await response.Content.ReadAsStreamAsync(Ct);
        using var decoded = new StreamReader(response.Header("Content-Encoding") switch
        {
            "br" => new BrotliStream(body, CompressionMode.Decompress),
            "gzip" => new GZipStream(body, CompressionMode.Decompress),
            _ => body,
        });
        return await decoded.ReadToEndAsync(Ct);
    }
}
