using System.Collections;
using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Collections.ObjectModel;
using System.Reflection;

namespace ECommerce.Caching.Serialization;

/// <summary>What a collection has besides its elements: its class, and how it compares keys.</summary>
internal static class CollectionTraits
{
    // A comparer as a property of one class, and the one that a collection has that is read back.
    private sealed record Comparer(PropertyInfo Property, object? Default);

    private static readonly ConcurrentDictionary<Type, Comparer?> Comparers = new();

    // Collections that come back in their order, all of them.
    private static readonly HashSet<Type> Exact =
    [
        typeof(List<>), typeof(HashSet<>), typeof(Dictionary<,>), typeof(Queue<>), typeof(LinkedList<>),
        typeof(SortedDictionary<,>), typeof(SortedSet<>), typeof(SortedList<,>), typeof(ConcurrentDictionary<,>),
        typeof(ConcurrentQueue<>), typeof(Collection<>), typeof(ObservableCollection<>), typeof(ImmutableArray<>),
        typeof(ImmutableList<>), typeof(ImmutableDictionary<,>), typeof(ImmutableHashSet<>), typeof(ImmutableQueue<>),
        typeof(ImmutableSortedDictionary<,>), typeof(ImmutableSortedSet<>), typeof(IEnumerable<>),
        typeof(ICollection<>), typeof(IList<>), typeof(ISet<>), typeof(IDictionary<,>), typeof(IReadOnlyCollection<>),
        typeof(IReadOnlyList<>), typeof(IReadOnlySet<>), typeof(IReadOnlyDictionary<,>), typeof(IImmutableList<>),
        typeof(IImmutableSet<>), typeof(IImmutableDictionary<,>), typeof(IImmutableQueue<>),
    ];

    /// <summary>What would be lost of a collection that is declared as a type; null if nothing.</summary>
    public static string? Loss(Type declared, object value)
    {
        var actual = value.GetType();
        if (actual != declared && (!declared.IsAbstract || !IsOfFramework(actual)))
            return ValueGraph.DerivedMember(declared, actual);
        // A class of the application makes its comparer itself; whether the same one is seen by comparison.
        return !IsOfFramework(actual) || HasDefaultComparer(value) ? null
            : $"{TypeShape.NameOf(declared)} (its comparer)";
    }

    /// <summary>What may be lost of a declared collection, whatever is in it.</summary>
    public static string? DoubtfulMember(Type declared)
    {
        if (declared.IsArray)
            return null;
        if (!TypeShape.IsFramework(declared))
        {
            return OwnFieldsOf(declared).Select(field => $"{declared.Name}.{ImmutableTypes.MemberName(field)}")
                .FirstOrDefault() ?? (ComparerOf(declared) is null ? null : $"{declared.Name} (its comparer)");
        }
        return declared.IsGenericType && Exact.Contains(declared.GetGenericTypeDefinition()) ? null
            : TypeShape.NameOf(declared);
    }

    /// <summary>The fields that a collection of the application adds to that of the framework.</summary>
    public static IEnumerable<FieldInfo> OwnFieldsOf(Type type) =>
        ValueGraph.FieldsOf(type).Where(field => !IsOfFramework(field.DeclaringType!));

    /// <summary>Whether two collections compare their keys alike.</summary>
    public static bool CompareAlike(object one, object other) =>
        (HasDefaultComparer(one) && HasDefaultComparer(other)) || Equals(ComparerIn(one), ComparerIn(other));

    private static bool HasDefaultComparer(object value)
    {
        if (Wrapped(value) is { } wrapped)
            return HasDefaultComparer(wrapped);
        if (ComparerOf(value.GetType()) is not { } known || known.Property.GetValue(value) is not { } comparer)
            return true;
        return comparer.Equals(known.Default)
            || (ReferenceEquals(comparer, StringComparer.Ordinal)
                && known.Property.PropertyType == typeof(IEqualityComparer<string>));
    }

    private static object? ComparerIn(object value) =>
        Wrapped(value) is { } wrapped ? ComparerIn(wrapped) : ComparerOf(value.GetType())?.Property.GetValue(value);

    // ReadOnlyDictionary and ReadOnlySet show nothing of the comparer of what they wrap.
    private static object? Wrapped(object value)
    {
        var type = value.GetType();
        if (!type.IsGenericType)
            return null;
        var definition = type.GetGenericTypeDefinition();
        var name = definition == typeof(ReadOnlyDictionary<,>) ? "Dictionary"
            : definition == typeof(ReadOnlySet<>) ? "Set" : null;
        return name is null ? null
            : type.GetProperty(name, BindingFlags.Instance | BindingFlags.NonPublic)?.GetValue(value);
    }

    private static Comparer? ComparerOf(Type type) => Comparers.GetOrAdd(type, static type =>
    {
        var property = typeof(IEnumerable).IsAssignableFrom(type)
            ? type.GetProperty("KeyComparer") ?? type.GetProperty("Comparer") : null;
        if (property is null || !property.PropertyType.IsConstructedGenericType)
            return null;
        var key = property.PropertyType.GetGenericArguments()[0];
        var defaults = property.PropertyType.GetGenericTypeDefinition() == typeof(IEqualityComparer<>)
            ? typeof(EqualityComparer<>) : typeof(Comparer<>);
        return new Comparer(property, defaults.MakeGenericType(key).GetProperty("Default")!.GetValue(null));
    });

    // The compiler's classes behind collection expressions and iterators are in no namespace of the application.
    private static bool IsOfFramework(Type type) =>
        TypeShape.IsFramework(type) || type.IsArray || type.Name.StartsWith('<');
}
