using System.Collections.Concurrent;
using System.Collections.ObjectModel;
using System.ComponentModel;
using System.Numerics;
using System.Reflection;

namespace ECommerce.Caching.Serialization;

/// <summary>
/// Which values cannot be changed, so that all callers may share one instance. The types decide, by these rules:
/// <list type="number">
/// <item>Texts, numbers, enums and the like are immutable, and what is marked <c>[ImmutableObject(true)]</c> is too, as
/// its author declares; what is marked <c>[ImmutableObject(false)]</c> is not.</item>
/// <item>A class or record is, if all its fields are readonly (those of init-only properties are) and of immutable
/// types, its bases' included.</item>
/// <item>A struct is, if its fields are of immutable types: it is copied whenever it is handed on.</item>
/// <item>Immutable and frozen collections are, and so is what is declared as a read-only collection
/// (<c>IReadOnlyList</c>), of immutable elements: its creator no longer writes to it, and code that casts it in order
/// to write breaks the declaration.</item>
/// <item>Everything else is not: arrays, lists, what has setters, <c>object</c> and other interfaces (an
/// <c>IEnumerable</c> may be a query that still runs).</item>
/// </list>
/// A member is judged by its declared type; only the value itself is judged by what it is, where its type can be
/// derived from.
/// </summary>
internal static class ImmutableTypes
{
    private static readonly ConcurrentDictionary<Type, string?> Verdicts = new();

    private static readonly HashSet<Type> Simple =
        [typeof(string), typeof(Uri), typeof(Version), typeof(BigInteger), typeof(DBNull)];

    private static readonly HashSet<Type> ReadOnlyCollections =
    [
        typeof(IReadOnlyCollection<>), typeof(IReadOnlyList<>), typeof(IReadOnlySet<>), typeof(IReadOnlyDictionary<,>),
        typeof(ReadOnlyCollection<>), typeof(ReadOnlyDictionary<,>), typeof(ReadOnlySet<>),
    ];

    /// <summary>
    /// The member that makes a type mutable (<c>Order.Lines (List`1)</c>), or the type itself; null if it is immutable.
    /// </summary>
    public static string? MutableMember(Type type) => Verdicts.GetOrAdd(type, static type => Find(type, type.Name, []));

    /// <summary>
    /// Whether it is declared as a collection that cannot be written to: then its run-time type does not matter.
    /// </summary>
    public static bool IsReadOnlyCollection(Type type) =>
        type.IsGenericType && ReadOnlyCollections.Contains(type.GetGenericTypeDefinition());

    private static string? Find(Type type, string path, HashSet<Type> underWay)
    {
        if (type.IsPrimitive || type.IsEnum || Simple.Contains(type)
            || type.GetCustomAttribute<ImmutableObjectAttribute>(inherit: false) is { Immutable: true })
        {
            return null;
        }
        if (type.GetCustomAttribute<ImmutableObjectAttribute>(inherit: false) is { Immutable: false })
            return $"{path} (marked as mutable)";
        // A type that contains itself (a tree) is as immutable as the rest of it.
        if (!underWay.Add(type))
            return null;
        if (IsReadOnlyCollection(type) || IsImmutableCollection(type))
        {
            return type.GetGenericArguments().Select(element => Find(element, $"{path} of {element.Name}", underWay))
                .FirstOrDefault(found => found is not null);
        }
        if (type.IsArray || type.IsInterface || type.IsPointer || type == typeof(object)
            || typeof(Delegate).IsAssignableFrom(type))
        {
            return $"{path} ({type.Name})";
        }

        for (var declaring = type; declaring is not null && declaring != typeof(object); declaring = declaring.BaseType)
        {
            foreach (var field in declaring.GetFields(
                BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly))
            {
                var member = $"{type.Name}.{MemberName(field)}";
                if (!type.IsValueType && !field.IsInitOnly)
                    return $"{member} (can be set)";
                if (Find(field.FieldType, member, underWay) is { } found)
                    return found;
            }
        }
        return null;
    }

    private static bool IsImmutableCollection(Type type) =>
        type is { IsGenericType: true, IsNested: false }
        && type.Namespace is "System.Collections.Immutable" or "System.Collections.Frozen";

    // <Lines>k__BackingField -> Lines
    public static string MemberName(FieldInfo field) =>
        field.Name.StartsWith('<') ? field.Name[1..field.Name.IndexOf('>', StringComparison.Ordinal)] : field.Name;
}

/// <summary>The verdict on one type, found once.</summary>
internal static class ImmutableType<T>
{
    private static readonly string? Mutable = ImmutableTypes.MutableMember(typeof(T));

    // Of these there is no other type at run time, or it does not matter.
    private static readonly bool IsFinal = typeof(T).IsSealed || ImmutableTypes.IsReadOnlyCollection(typeof(T));

    /// <summary>The member that makes a value mutable; null if all callers may share it.</summary>
    public static string? MutableMember(T value)
    {
        if (value is null)
            return null;
        return IsFinal || value.GetType() == typeof(T) ? Mutable : ImmutableTypes.MutableMember(value.GetType());
    }
}
