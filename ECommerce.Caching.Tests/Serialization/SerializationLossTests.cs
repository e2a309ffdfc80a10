using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Collections.ObjectModel;
using System.Numerics;
using System.Text.Json.Serialization;

namespace ECommerce.Caching.Tests.Serialization;

/// <summary>Values that JSON does not bring back, or not all of: no caller on any node gets less.</summary>
public sealed class SerializationLossTests : IAsyncLifetime
{
    private RedisServer _redis = null!;
    private CacheNode _a = null!, _b = null!;

    private readonly record struct Range(int From, int To);

    private readonly struct Money(decimal amount, string currency)
    {
        public decimal Amount { get; } = amount;
        public string Currency { get; } = currency;
    }

    private record Animal(string Name);

    private sealed record Dog(string Name, string Breed) : Animal(Name);

    private sealed record Kennel(Animal Guest);

    [JsonDerivedType(typeof(Circle), "circle")]
    private abstract record Shape(int Id);

    private sealed record Circle(int Id, int Radius) : Shape(Id);

    private sealed record WithTuple((int Low, int High) Range, IReadOnlyList<(string, int)> Rows);

    private sealed record WithPublicField(int Id)
    {
        public readonly string Secret = "s" + Id;
    }

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private static readonly Dictionary<string, Func<CacheNode, CacheNode, string, Task>> Cases = new()
    {
        ["tuple"] = Same(() => (Count: 12, Sum: 99.5m)),
        ["long tuple"] = Same(() => (1, 2, 3, 4, 5, 6, 7, 8, 9)),
        ["tuple in a tuple"] = Same(() => (1, (2, "3"))),
        ["reference tuple"] = Same(() => Tuple.Create(1, "x")),
        ["record with tuples"] = Same(() => (new WithTuple((1, 2), [("a", 1)])).Range),
        ["key-value pair"] = Same(() => KeyValuePair.Create("k", 7)),
        ["readonly struct"] = Same(() => new Money(9.5m, "EUR")),
        ["record struct"] = Same(() => new Range(1, 2)),
        ["nullable readonly struct"] = Same<Money?>(() => new Money(9.5m, "EUR")),
        ["BigInteger"] = Same(() => BigInteger.Parse("123456789012345678901234567890", null)),
        ["Complex"] = Same(() => new Complex(1, 2)),
        ["vector of fields"] = Same(() => new Vector3(1, 2, 3)),
        ["not a number"] = Same(() => double.NaN),
        ["half a surrogate pair"] = Same(() => "a\ud800b"),
        ["local time"] = Same(() => new DateTime(2026, 1, 2, 3, 4, 5, DateTimeKind.Utc)),
        ["derived record"] = Same<Animal>(() => new Dog("Fido", "Setter")),
        ["derived record in a member"] = Same(() => new Kennel(new Dog("Fido", "Setter"))),
        ["declared derived record"] = Same<Shape>(() => new Circle(1, 2)),
        ["object"] = Same<object>(() => 5L),
        ["object with a text"] = Same<object>(() => "text"),
        ["readonly public field"] = Same(() => new WithPublicField(3)),
        ["null"] = Same<byte[]?>(() => null),
    };

    private static Func<CacheNode, CacheNode, string, Task> Same<T>(Func<T> make) => async (a, b, key) =>
    {
        foreach (var node in (CacheNode[])[a, a, b, b])
        {
            var read = await ReadAsync(node, key, make);
            Assert.Equal(make(), read);
            Assert.Equal(make()?.GetType(), read?.GetType());
        }
    };

    public async ValueTask InitializeAsync()
    {
        _redis = await RedisServer.StartAsync();
        _a = await CacheNode.StartAsync(_redis);
        _b = await CacheNode.StartAsync(_redis);
    }

    public async ValueTask DisposeAsync()
    {
        await _a.DisposeAsync();
        await _b.DisposeAsync();
        await _redis.DisposeAsync();
    }

    [Fact]
    public async Task Every_caller_on_both_nodes_gets_the_value_that_was_made()
    {
        foreach (var (name, read) in Cases)
        {
            var failure = await Record.ExceptionAsync(() => read(_a, _b, Key(name)));
            Assert.True(failure is null, $"{name}: {failure}");
        }
    }

    [Fact]
    public async Task Tuples_lists_of_tuples_and_field_types_are_shared_by_redis()
    {
        var (a, b) = (_a, _b);

        await SharedAsync(a, b, () => (Count: 12, Sum: 99.5m), value => value);
        await SharedAsync<IReadOnlyList<(string, int)>>(a, b, () => [("a", 1), ("b", 2)], string.Concat);
        await SharedAsync(a, b, () => new WithTuple((1, 2), [("a", 1)]), value => (value.Range, value.Rows[0]));
        await SharedAsync<(string, int)[]>(a, b, () => [("a", 1)], value => value[0]);
        await SharedAsync(a, b, () => new Point { X = 1, Y = 2 }, value => (value.X, value.Y));
        await SharedAsync<Shape>(a, b, () => new Circle(1, 2), value => value);
        await SharedAsync(a, b, () => new Basket { Lines = { 3 } }, value => value.Lines.Count);
        await SharedAsync<byte[]>(a, b, () => [], value => value.Length);
        Assert.Empty(a.Log.Lines("cache_not_serialisable"));
    }

    [Fact]
    public async Task A_comparer_behind_a_read_only_dictionary_is_there_for_every_caller()
    {
        var (a, b) = (_a, _b);
        var made = new Dictionary<string, int>(StringComparer.OrdinalIgnoreCase) { ["a"] = 1 };

        foreach (var node in (CacheNode[])[a, a, b, b])
        {
            Assert.Equal(1, (await ReadAsync<IReadOnlyDictionary<string, int>>(node, Key("dict"), () => made))["A"]);
            Assert.Equal(
                1, (await ReadAsync<IReadOnlyDictionary<string, int>>(
                    node, Key("wrapped"), () => new ReadOnlyDictionary<string, int>(made)))["A"]);
            Assert.Equal(1, (await ReadAsync(node, Key("mutable"), () => made))["A"]);
            Assert.Equal(1, (await ReadAsync(
                node, Key("frozen"), () => made.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase)))["A"]);
            Assert.Equal(1, (await ReadAsync(
                node, Key("immutable"), () => made.ToImmutableDictionary(StringComparer.OrdinalIgnoreCase)))["A"]);
            Assert.Contains("A", await ReadAsync<IReadOnlySet<string>>(
                node, Key("set"), () => new HashSet<string>(["a"], StringComparer.OrdinalIgnoreCase)));
        }
        Assert.Contains(a.Log.Lines("cache_not_serialisable"), line => line.Text.Contains("its comparer"));
    }

    [Fact]
    public async Task A_mutable_value_is_never_handed_out_as_a_copy_that_lacks_something()
    {
        var (a, b) = (_a, _b);
        foreach (var node in (CacheNode[])[a, a, b])
        {
            Assert.Equal("Anna", (await ReadAsync(node, Key("account"), () => Account.Of("Anna"))).Owner);
            Assert.Equal(
                3, (await ReadAsync(node, Key("lines"), () => new Lines { Total = 3 })).Total);
            Assert.Equal(
                3, ((Lines)await ReadAsync<List<int>>(node, Key("behind"), () => new Lines { Total = 3 })).Total);
            Assert.Equal(5, (await ReadAsync(node, Key("object"), () => new Holder { Anything = 5 })).Anything);
            Assert.Equal([1], (await ReadAsync(node, Key("getter"), () => new GetterOnly { Numbers = { 1 } })).Numbers);
            Assert.Equal([2, 1], await ReadAsync(node, Key("stack"), () => new Stack<int>([1, 2])));
            Assert.Equal("x", (await ReadAsync(node, Key("ignored"), () => new Ignored { Hidden = "x" })).Hidden);
        }
        Assert.Equal(0, a.Memory.Count);
        Assert.Contains(a.Log.Lines("cache_not_serialisable"), line => line.Text.Contains("Account.Owner"));
        Assert.Contains(a.Log.Lines("cache_not_serialisable"), line => line.Text.Contains("Lines.Total"));
        Assert.Contains(a.Log.Lines("cache_not_serialisable"), line => line.Text.Contains("Ignored.Hidden"));
    }

    [Fact]
    public async Task A_type_that_may_lose_something_is_looked_at_with_every_value()
    {
        var (a, b) = (_a, _b);

        // The first value of the type has nothing that could be lost.
        foreach (var node in (CacheNode[])[a, b])
        {
            Assert.Empty((await ReadAsync(node, Key("first"), () => new GetterOnly())).Numbers);
            Assert.Equal([1], (await ReadAsync(node, Key("next"), () => new GetterOnly { Numbers = { 1 } })).Numbers);
            Assert.Equal("Fido", (await ReadAsync(node, Key("base"), () => new Animal("Fido"))).Name);
            Assert.Equal(
                new Dog("Fido", "Setter"), await ReadAsync<Animal>(node, Key("dog"), () => new Dog("Fido", "Setter")));
        }
        Assert.Equal(2, b.Count("cache_hit_total", "cache_layer=redis"));
    }

    [Fact]
    public async Task An_immutable_value_that_is_not_serialisable_stays_in_memory_and_is_logged_once_with_its_member()
    {
        var node = _a;
        var made = new Dog("Fido", "Setter");

        for (var i = 0; i < 3; i++)
        {
            Assert.Same(made, await ReadAsync<Animal>(node, Key(1), () => made));
            await ReadAsync<Animal>(node, Key(2 + i), () => made);
        }

        Assert.Equal(4, node.Memory.Count);
        Assert.Contains("Dog.Breed", Assert.Single(node.Log.Lines("cache_not_serialisable")).Text);
        Assert.Equal(0, node.Count("cache_hit_total", "cache_layer=redis"));
    }

    [Fact]
    public async Task Null_and_empty_bytes_are_two_values()
    {
        var node = _a;

        for (var i = 0; i < 2; i++)
        {
            Assert.Null(await ReadAsync<byte[]?>(node, Key("null"), () => null));
            Assert.Empty((await ReadAsync<byte[]?>(node, Key("empty"), () => []))!);
        }
    }

    private static string Key(object id) => CacheNode.Product.Key("acme", id);

    private static async Task SharedAsync<T>(CacheNode a, CacheNode b, Func<T> make, Func<T, object> part)
    {
        var key = Key(typeof(T).ToString());
        var before = b.Count("cache_hit_total", "cache_layer=redis");
        Assert.Equal(part(make()), part(await ReadAsync(a, key, make)));
        Assert.Equal(
            part(make()), part(await ReadAsync<T>(b, key, () => throw new InvalidOperationException("Redis has it."))));
        Assert.Equal(before + 1, b.Count("cache_hit_total", "cache_layer=redis"));
    }

    private static ValueTask<T> ReadAsync<T>(CacheNode node, string key, Func<T> source) =>
        node.StoredAsync(node.Cache.GetOrCreateAsync(
            key, source, static (s, _) => new ValueTask<T>(s()), CacheNode.Product.Options, cancellationToken: Ct));

    private sealed class Account
    {
        public string? Owner { get; private set; }

        public static Account Of(string owner) => new() { Owner = owner };
    }

    private sealed class Point
    {
        public int X, Y;
    }

    private sealed class Basket
    {
        public List<int> Lines { get; set; } = [];
    }

    private sealed class Lines : List<int>
    {
        public int Total { get; set; }
    }

    private sealed class Holder
    {
        public object? Anything { get; set; }
    }

    private sealed class GetterOnly
    {
        public List<int> Numbers { get; } = [];
    }

    private sealed class Ignored
    {
        [JsonIgnore]
        public string? Hidden { get; set; }
    }
}
