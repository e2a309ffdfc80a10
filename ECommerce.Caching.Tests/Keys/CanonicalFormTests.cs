using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Globalization;
using ECommerce.Caching.Keys;

namespace ECommerce.Caching.Tests.Keys;

/// <summary>Equal values have one hash, different ones never share it.</summary>
public sealed class CanonicalFormTests
{
    private static readonly QueryHash Hash = new("salt"u8.ToArray());

    private record Filter(
        string? Search = null, int? Page = null, decimal Price = 0, IReadOnlyList<int>? Ids = null,
        IReadOnlyDictionary<string, Filter>? More = null);

    private sealed record Wider(string? Search) : Filter(Search);

    private sealed record Narrower(string? Search) : Filter(Search);

    private enum Kind { None, Some }

    [Fact]
    public void Different_values_do_not_share_a_hash()
    {
        string[] hashes =
        [
            Hash.ComputeFor(new Filter()),
            Hash.ComputeFor(new Filter("")),
            Hash.ComputeFor(new Filter("-")),
            Hash.ComputeFor(new Filter("x")),
            Hash.ComputeFor(new Filter("x;4:Page=1:1")),
            Hash.ComputeFor(new Filter("\ud800")),
            Hash.ComputeFor(new Filter("\ud801")),
            Hash.ComputeFor(new Filter("x", 0)),
            Hash.ComputeFor(new Filter("x", 1)),
            Hash.ComputeFor(new Filter(Price: 1.5m)),
            Hash.ComputeFor(new Filter(Ids: [])),
            Hash.ComputeFor(new Filter(Ids: [1, 2])),
            Hash.ComputeFor(new Filter(Ids: [2, 1])),
            Hash.ComputeFor(new Filter(Ids: [12])),
            Hash.ComputeFor(new Filter(Ids: [1, 2, 2])),
            Hash.ComputeFor<Filter>(new Wider("x")),
            Hash.ComputeFor<Filter>(new Narrower("x")),
            Hash.ComputeFor<IReadOnlyList<Filter>>([new Wider("x")]),
            Hash.ComputeFor<IReadOnlyList<Filter>>(new Wider[] { new("x") }.AsReadOnly()),
            Hash.ComputeFor<IReadOnlyList<Filter>>(new Narrower[] { new("x") }.AsReadOnly()),
            Hash.ComputeFor<IReadOnlyList<int?>>([null]),
            Hash.ComputeFor<IReadOnlyList<int?>>([0]),
            Hash.ComputeFor((Kind.Some, new DateTime(2026, 1, 1, 0, 0, 0, 1))),
            Hash.ComputeFor((Kind.Some, new DateTime(2026, 1, 1, 0, 0, 0, 2))),
        ];

        // A list of a derived type is the same list.
        Assert.Equal(hashes[17], hashes[18]);
        Assert.Equal(hashes.Length - 1, hashes.Distinct().Count());
        Assert.All(hashes, hash => Assert.Matches("^[0-9a-f]{32}$", hash));
    }

    [Fact]
    public void Equal_values_share_it_in_every_culture()
    {
        var before = CultureInfo.CurrentCulture;
        var other = (CultureInfo)CultureInfo.InvariantCulture.Clone();
        (other.NumberFormat.NumberDecimalSeparator, other.NumberFormat.NegativeSign,
            other.DateTimeFormat.TimeSeparator) = (",", "~", ".");
        var invariant = Hash.ComputeFor(new Filter("x", -1000, 1.50m));
        try
        {
            CultureInfo.CurrentCulture = other;
            Assert.Equal(invariant, Hash.ComputeFor(new Filter("x", -1000, 1.5m)));
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
        Assert.Equal(
            Hash.ComputeFor(new Filter(Ids: [1, 2])), Hash.ComputeFor(new Filter(Ids: new List<int> { 1, 2 })));
        Assert.Equal(
            Hash.ComputeFor(ImmutableHashSet.Create(1, 2, 3)), Hash.ComputeFor(ImmutableHashSet.Create(3, 2, 1)));
        Assert.Equal(Nested("a", "b"), Nested("b", "a"));
        Assert.Equal(Hash.ComputeFor(default(ImmutableArray<int>)), Hash.ComputeFor(default(ImmutableArray<int>)));

        static string Nested(params string[] keys) => Hash.ComputeFor(
            new Filter(More: keys.ToDictionary(key => key, key => new Filter(key)).ToFrozenDictionary()));
    }

    [Theory]
    [InlineData(typeof(int[]))]
    [InlineData(typeof(IEnumerable<int>))]
    [InlineData(typeof(object))]
    [InlineData(typeof(IReadOnlyList<Func<int>>))]
    [InlineData(typeof(Type))]
    [InlineData(typeof(CultureInfo))]
    public void Types_that_are_mutable_or_have_no_canonical_form_are_refused(Type type) =>
        Assert.NotNull(CanonicalForm.Refusal(type));

    [Fact]
    public void Records_tuples_and_read_only_collections_have_a_canonical_form() => Assert.All(
        [typeof(Filter), typeof((int, string)), typeof(IReadOnlyList<Filter>), typeof(ImmutableArray<int>),
            typeof(FrozenSet<string>), typeof(DateTime?)],
        type => Assert.Null(CanonicalForm.Refusal(type)));

    [Fact]
    public void Simple_values_stand_in_keys_with_all_their_digits()
    {
        Assert.Equal(
            "p:acme:2026-01-02T03:04:05.0060000Z", Key(new DateTime(2026, 1, 2, 3, 4, 5, 6, DateTimeKind.Utc))
            .Replace("%3A", ":"));
        Assert.Equal(Key(1.0m), Key(1.00m));
        Assert.Equal(Key(0.0), Key(-0.0));
        Assert.Equal("p:acme:0.1", Key(0.1));

        static string Key<T>(T value) =>
            new CachePolicy("p:{tenant}:{value}", TimeSpan.FromMinutes(1), TimeSpan.Zero).Key("acme", value);
    }
}
