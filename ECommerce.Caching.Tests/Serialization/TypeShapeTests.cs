using ECommerce.Caching.Serialization;

namespace ECommerce.Caching.Tests.Serialization;

/// <summary>Entries of another shape of a type, as an earlier deploy wrote them, are misses.</summary>
public class TypeShapeTests
{
    private static class Before
    {
        public enum Status { Open, Paid }

        public sealed record Line(int Id);

        public sealed record Order(int Id, IReadOnlyList<Line> Lines, Status Status);
    }

    private static class SameAgain
    {
        public enum Status { Paid = 1, Open = 0 }

        public sealed record Line(int Id);

        public sealed record Order(int Id, IReadOnlyList<Line> Lines, Status Status)
        {
            public static int Count => 1;

            public int Twice() => 2 * Id;
        }
    }

    private static class MoreInALine
    {
        public enum Status { Open, Paid }

        public sealed record Line(int Id, string? Note);

        public sealed record Order(int Id, IReadOnlyList<Line> Lines, Status Status);
    }

    private static class Reordered
    {
        public enum Status { Paid, Open }

        public sealed record Line(int Id);

        public sealed record Order(int Id, IReadOnlyList<Line> Lines, Status Status);
    }

    private static class OtherType
    {
        public enum Status { Open, Paid }

        public sealed record Line(long Id);

        public sealed record Order(int Id, IReadOnlyList<Line> Lines, Status Status);
    }

    private static class Renamed
    {
        public enum Status { Open, Paid }

        public sealed record Line([property: System.Text.Json.Serialization.JsonPropertyName("nr")] int Id);

        public sealed record Order(int Id, IReadOnlyList<Line> Lines, Status Status);
    }

    private sealed record Tree(string Name, IReadOnlyList<Tree> Children);

    [Fact]
    public void An_unchanged_type_keeps_its_shape() =>
        Assert.Equal(Shape(typeof(Before.Order)), Shape(typeof(SameAgain.Order)));

    [Theory]
    [InlineData(typeof(MoreInALine.Order))]
    [InlineData(typeof(Reordered.Order))]
    [InlineData(typeof(OtherType.Order))]
    [InlineData(typeof(Renamed.Order))]
    public void A_changed_member_or_enum_value_makes_another_shape(Type changed) =>
        Assert.NotEqual(Shape(typeof(Before.Order)), Shape(changed));

    [Fact]
    public void The_shape_has_no_versions_of_assemblies_and_ends()
    {
        var shape = TypeShape.Describe(typeof(Dictionary<string, (Tree, int[])>));

        Assert.DoesNotContain("Version=", shape);
        Assert.Contains("Tree{", shape);
        Assert.Contains("System.ValueTuple`2", shape);
    }

    [Fact]
    public void A_number_follows_from_the_whole_shape_and_the_format()
    {
        Assert.Equal(TypeShape.Hash(typeof(Tree), "json"), TypeShape.Hash(typeof(Tree), "json"));
        Assert.NotEqual(TypeShape.Hash(typeof(Tree), "json"), TypeShape.Hash(typeof(Tree), "other"));
        Assert.NotEqual(TypeShape.Hash(typeof(Tree), "json"), TypeShape.Hash(typeof(Tree[]), "json"));
    }

    // As if the types had one name, as before and after a deploy.
    private static string Shape(Type type) =>
        TypeShape.Describe(type, new JsonContract().MembersOf)
            .Replace(type.DeclaringType!.Name, "Deploy", StringComparison.Ordinal);
}
