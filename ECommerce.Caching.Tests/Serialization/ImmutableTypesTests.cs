using System.Collections.Frozen;
using System.Collections.Immutable;
using System.ComponentModel;
using ECommerce.Caching.Serialization;

namespace ECommerce.Caching.Tests.Serialization;

public class ImmutableTypesTests
{
    private sealed record Line(int Id, string Name, decimal? Price);

    private sealed record Order(int Id, IReadOnlyList<Line> Lines, DateTime At, DayOfWeek Day)
    {
        public Line? First { get; init; }

        public int Count => Lines.Count;
    }

    private sealed record Tree(string Name, ImmutableArray<Tree> Children);

    private record Open(int Id);

    private sealed record WithSetter(int Id) : Open(Id)
    {
        public string? Note { get; set; }
    }

    private sealed record WithArray(int[] Numbers);

    private sealed record WithList(IReadOnlyList<List<int>> Lists);

    private sealed record WithField
    {
        public int Number = 1;
    }

    private sealed record WithObject(object Anything);

    private sealed record WithQuery(IEnumerable<int> Numbers);

    private sealed class WithHidden(int number)
    {
        private int _number = number;

        public int Next() => ++_number;
    }

    [ImmutableObject(true)]
    private sealed class Promised
    {
        public int Number { get; set; }
    }

    private struct Pair()
    {
        public int Number = 1;
        public string? Name = "";
    }

    private struct Bag()
    {
        public List<int>? Items = [];
    }

    [Theory]
    [InlineData(typeof(int))]
    [InlineData(typeof(string))]
    [InlineData(typeof(decimal))]
    [InlineData(typeof(Guid?))]
    [InlineData(typeof(DateTimeOffset))]
    [InlineData(typeof(Uri))]
    [InlineData(typeof((int, string)))]
    [InlineData(typeof(Line))]
    [InlineData(typeof(Order))]
    [InlineData(typeof(Tree))]
    [InlineData(typeof(Open))]
    [InlineData(typeof(Promised))]
    [InlineData(typeof(Pair))]
    [InlineData(typeof(IReadOnlyList<Line>))]
    [InlineData(typeof(IReadOnlyDictionary<string, Order>))]
    [InlineData(typeof(ImmutableArray<Line>))]
    [InlineData(typeof(ImmutableList<string>))]
    [InlineData(typeof(FrozenDictionary<string, Line>))]
    [InlineData(typeof(FrozenSet<int>))]
    public void Immutable(Type type) => Assert.Null(ImmutableTypes.MutableMember(type));

    [Theory]
    [InlineData(typeof(List<int>), "List`1")]
    [InlineData(typeof(int[]), "Int32[] (Int32[])")]
    [InlineData(typeof(byte[]), "Byte[] (Byte[])")]
    [InlineData(typeof(object), "Object (Object)")]
    [InlineData(typeof(IEnumerable<int>), "IEnumerable`1 (IEnumerable`1)")]
    [InlineData(typeof(IList<int>), "IList`1 (IList`1)")]
    [InlineData(typeof(Func<int>), "Func`1 (Func`1)")]
    [InlineData(typeof(WithSetter), "WithSetter.Note (can be set)")]
    [InlineData(typeof(WithArray), "WithArray.Numbers (Int32[])")]
    [InlineData(typeof(WithField), "WithField.Number (can be set)")]
    [InlineData(typeof(WithObject), "WithObject.Anything (Object)")]
    [InlineData(typeof(WithQuery), "WithQuery.Numbers (IEnumerable`1)")]
    [InlineData(typeof(WithHidden), "WithHidden._number (can be set)")]
    [InlineData(typeof(WithList), "List`1.")]
    [InlineData(typeof(Bag), "List`1.")]
    [InlineData(typeof(ImmutableList<int[]>), "of Int32[] (Int32[])")]
    [InlineData(typeof(ImmutableList<int>.Builder), "(can be set)")]
    public void Mutable(Type type, string member) => Assert.Contains(member, ImmutableTypes.MutableMember(type));

    [Fact]
    public void A_value_of_a_derived_type_is_judged_by_what_it_is()
    {
        Assert.Null(ImmutableType<Open>.MutableMember(new Open(1)));
        Assert.Equal("WithSetter.Note (can be set)", ImmutableType<Open>.MutableMember(new WithSetter(1)));
        Assert.Null(ImmutableType<object>.MutableMember("text"));
        Assert.Null(ImmutableType<IReadOnlyList<int>>.MutableMember(new List<int>()));
        Assert.Null(ImmutableType<List<int>?>.MutableMember(null));
    }
}
