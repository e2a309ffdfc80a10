using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Microsoft.Extensions.Caching.Hybrid;

namespace ECommerce.Caching.Tests.Keys;

/// <summary>Keys that are no texts yet: what an interpolated key binds to.</summary>
public class SpanKeyTests
{
    [Fact]
    public async Task An_interpolated_key_finds_what_was_stored_under_the_text()
    {
        await using var node = await CacheNode.StartAsync(null);
        await node.ReadAsync(CacheNode.Product.Key("acme", 1), static () => "stored");

        Assert.Equal("stored", await ReadAsync(node, "acme", 1, "not asked for"));
        HybridCache cache = node.Cache;
        Assert.Equal("stored", await cache.GetOrCreateAsync(
            $"product:{"acme"}:{1}", "not asked for", static (state, _) => ValueTask.FromResult(state),
                CacheNode.Product.Options, cancellationToken: TestContext.Current.CancellationToken));
    }

    [Fact]
    [SuppressMessage("Globalization", "CA1305", Justification = "It is what is tested.")]
    public async Task An_interpolated_key_is_written_in_the_invariant_culture_whatever_its_length()
    {
        await using var node = await CacheNode.StartAsync(null);
        var (number, day, id, absent) = (1234.5m, new DateOnly(2026, 11, 28), Guid.NewGuid(), default(string));
        var previous = CultureInfo.CurrentCulture;
        // As in Italy, without the system's tables.
        var italian = (CultureInfo)CultureInfo.InvariantCulture.Clone();
        italian.NumberFormat.NumberDecimalSeparator = ",";
        CultureInfo.CurrentCulture = italian;
        try
        {
            foreach (var length in (int[])[0, 1, 40, 95, 96, 97, 200, 500])
            {
                var text = new string('x', length);
                var key = string.Create(
                    CultureInfo.InvariantCulture, $"p:{text}:{number}:{day:yyyy-MM-dd}:{id}:{absent}:{length:D6}");
                await node.Cache.SetAsync(key, "stored", cancellationToken: TestContext.Current.CancellationToken);

                Assert.Equal("stored", await node.Cache.GetOrCreateAsync(
                    $"p:{text}:{number}:{day:yyyy-MM-dd}:{id}:{absent}:{length:D6}", "not asked for",
                        static (state, _) => ValueTask.FromResult(state),
                    cancellationToken: TestContext.Current.CancellationToken));
            }
        }
        finally
        {
            CultureInfo.CurrentCulture = previous;
        }
    }

    [Fact]
    public async Task A_miss_runs_the_factory_once_and_stores_under_the_text()
    {
        await using var node = await CacheNode.StartAsync(null);

        Assert.Equal("made", await ReadAsync(node, "acme", 1, "made"));
        Assert.Equal("made", await ReadAsync(node, "acme", 1, "made again"));
        Assert.Equal("made", await node.ReadAsync(CacheNode.Product.Key("acme", 1), static () => "made by text"));

        await node.Invalidator.InvalidateAsync([CacheNode.Product.All("acme")], TestContext.Current.CancellationToken);
        Assert.Equal("made later", await ReadAsync(node, "acme", 1, "made later"));
    }

    [Fact]
    public async Task A_hit_by_span_allocates_nothing()
    {
        await using var node = await CacheNode.StartAsync(null);
        // Not interpolated: as long as it is not optimised, formatting a number allocates by itself.
        for (var i = 0; i < 3000; i++)
            await ReadAsync(node, "product:acme:4711", "value");

        var started = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 2000; i++)
            await ReadAsync(node, "product:acme:4711", "value");

        // The one or two reads of these that are timed.
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - started, 0, 1000);
    }

    [Fact]
    public async Task A_value_of_another_type_is_a_miss()
    {
        await using var node = await CacheNode.StartAsync(null);
        await ReadAsync(node, "acme", 1, "a text");

        var number = await node.Cache.GetOrCreateAsync(
            "product:acme:1".AsSpan(), 42, static (state, _) => ValueTask.FromResult(state), CacheNode.Product.Options,
                cancellationToken: TestContext.Current.CancellationToken);

        Assert.Equal(42, number);
    }

    [Fact]
    public async Task An_escaped_key_is_taken_as_it_is()
    {
        await using var node = await CacheNode.StartAsync(null);
        var key = CacheNode.ProductList.Key("acme", "a:b%c è");
        await node.ReadAsync(key, static () => "stored", CacheNode.ProductList);

        Assert.DoesNotContain("a:b", key, StringComparison.Ordinal);
        Assert.Equal("stored", await ReadAsync(node, key, "not asked for"));
        Assert.Equal("other", await ReadAsync(node, "products:list:acme:a:b%c è", "other"));
    }

    [Fact]
    public async Task A_value_under_an_invalid_key_is_not_stored()
    {
        await using var node = await CacheNode.StartAsync(null);
        foreach (var key in (string[])["", "product:acme:\u0001", "product:acme:\ud800"])
        {
            Assert.Equal("first", await ReadAsync(node, key, "first"));
            Assert.Equal("second", await ReadAsync(node, key, "second"));
        }
    }

    [Fact]
    public async Task Flags_hold_for_spans_too()
    {
        await using var node = await CacheNode.StartAsync(null);
        await ReadAsync(node, "acme", 1, "kept");

        var options = new HybridCacheEntryOptions { Flags = HybridCacheEntryFlags.DisableLocalCacheRead };
        var read = await node.Cache.GetOrCreateAsync(
            "product:acme:1".AsSpan(), "made", static (state, _) =>
                ValueTask.FromResult(state), options, cancellationToken: TestContext.Current.CancellationToken);

        Assert.Equal("made", read);
    }

    private static ValueTask<string> ReadAsync(CacheNode node, string tenant, int id, string made) =>
        node.StoredAsync(node.Cache.GetOrCreateAsync(
            $"product:{tenant}:{id}", made, static (state, _) => ValueTask.FromResult(state), CacheNode.Product.Options,
                cancellationToken: TestContext.Current.CancellationToken));

    private static ValueTask<string> ReadAsync(CacheNode node, string key, string made) =>
        node.StoredAsync(node.Cache.GetOrCreateAsync(
            key.AsSpan(), made, static (state, _) => ValueTask.FromResult(state), CacheNode.Product.Options,
                cancellationToken: TestContext.Current.CancellationToken));
}
