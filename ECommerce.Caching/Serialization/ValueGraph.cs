using System.Collections;
using System.Collections.Concurrent;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace ECommerce.Caching.Serialization;

/// <summary>Values with all that they refer to, by reflection over their fields. Slow: not for hits.</summary>
internal static class ValueGraph
{
    private const BindingFlags OwnFields =
        BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;

    private const int ObjectOverhead = 24;
    private const int FieldSize = 8;

    private static readonly ConcurrentDictionary<Type, FieldInfo[]> Fields = new();

    /// <summary>The fields of a type and of its bases.</summary>
    public static FieldInfo[] FieldsOf(Type type) => Fields.GetOrAdd(type, static type =>
    {
        var fields = new List<FieldInfo>();
        for (var declaring = type; declaring is not null && declaring != typeof(object); declaring = declaring.BaseType)
            fields.AddRange(declaring.GetFields(OwnFields));
        return [.. fields];
    });

    /// <summary>The first member in which a value differs from its copy; null if it is the same.</summary>
    public static string? Difference<T>(T value, T copy) =>
        Compare(value, copy, TypeShape.NameOf(typeof(T)), new HashSet<object>(ReferenceEqualityComparer.Instance));

    /// <summary>The first member that a derived type has and its base has not.</summary>
    public static string DerivedMember(Type declared, Type derived)
    {
        var field = Array.Find(FieldsOf(derived), field => !field.DeclaringType!.IsAssignableFrom(declared));
        return field is null || TypeShape.IsFramework(field.DeclaringType!) || CollectionMember(declared, derived)
            ? $"{derived.Name} behind {declared.Name}"
            : $"{derived.Name}.{ImmutableTypes.MemberName(field)} behind {declared.Name}";
    }

    /// <summary>About how many bytes a value takes with all it refers to.</summary>
    public static int Size(object? value)
    {
        var (bytes, seen) = (0L, new HashSet<object>(ReferenceEqualityComparer.Instance));
        var left = new Stack<object?>([value]);
        while (left.TryPop(out var next))
        {
            if (next is null or Type or Delegate || (!next.GetType().IsValueType && !seen.Add(next)))
                continue;
            bytes += ObjectOverhead;
            if (next is string text)
            {
                bytes += 2L * text.Length;
            }
            else if (next is Array array)
            {
                var element = array.GetType().GetElementType()!;
                bytes += (long)FieldSize * array.Length;
                if (element.IsPrimitive)
                    continue;
                foreach (var item in array)
                    left.Push(item);
            }
            else if (!next.GetType().IsPrimitive && !next.GetType().IsEnum)
            {
                foreach (var field in FieldsOf(next.GetType()))
                {
                    bytes += FieldSize;
                    if (!field.FieldType.IsPrimitive && !field.FieldType.IsPointer)
                        left.Push(field.GetValue(next));
                }
            }
        }
        return (int)Math.Min(bytes, int.MaxValue);
    }

    private static bool CollectionMember(Type declared, Type derived) =>
        typeof(IEnumerable).IsAssignableFrom(derived) && declared.IsInterface;

    private static string? Compare(object? value, object? copy, string path, HashSet<object> seen)
    {
        if (ReferenceEquals(value, copy))
            return null;
        if (value is null || copy is null)
            return path;
        var type = value.GetType();
        if (!type.IsValueType && !seen.Add(value))
            return null;
        if (value is string || type.IsPrimitive || type.IsEnum)
            return value.Equals(copy) ? null : path;
        if (value is DateTime time)
            return copy is DateTime other && time == other && time.Kind == other.Kind ? null : path;
        if (value is DateTimeOffset moment)
            return copy is DateTimeOffset other && moment.EqualsExact(other) ? null : path;
        if (value is ReadOnlyMemory<byte> bytes)
            return copy is ReadOnlyMemory<byte> other && bytes.Span.SequenceEqual(other.Span) ? null : path;
        if (value is Memory<byte> memory)
            return copy is Memory<byte> other && memory.Span.SequenceEqual(other.Span) ? null : path;
        if (value is JsonElement or JsonDocument or JsonNode)
            return SameJson(value, copy) ? null : path;
        if (value is IEnumerable elements && copy is IEnumerable copies)
        {
            return CompareElements(elements, copies, path, seen)
                ?? CompareFields(CollectionTraits.OwnFieldsOf(type), value, copy, path, seen);
        }
        if (type != copy.GetType())
            return $"{path} ({type.Name}, read back as {copy.GetType().Name})";
        if (TypeShape.IsFramework(type) && !IsContainer(type))
            return value.Equals(copy) ? null : path;
        return CompareFields(FieldsOf(type), value, copy, path, seen);
    }

    private static string? CompareFields(
        IEnumerable<FieldInfo> fields, object value, object copy, string path, HashSet<object> seen)
    {
        foreach (var field in fields)
        {
            var member = $"{field.DeclaringType!.Name}.{ImmutableTypes.MemberName(field)}";
            if (value.GetType() != copy.GetType())
                return path;
            if (Compare(field.GetValue(value), field.GetValue(copy), member, seen) is { } found)
                return found;
        }
        return null;
    }

    private static string? CompareElements(IEnumerable value, IEnumerable copy, string path, HashSet<object> seen)
    {
        if (!CollectionTraits.CompareAlike(value, copy))
            return $"{path} (its comparer)";
        if (value is IDictionary entries && copy is IDictionary others)
        {
            if (entries.Count != others.Count)
                return path;
            foreach (DictionaryEntry entry in entries)
            {
                if (!others.Contains(entry.Key))
                    return path;
                if (Compare(entry.Value, others[entry.Key], path, seen) is { } found)
                    return found;
            }
            return null;
        }
        object?[] ones = [.. value.Cast<object?>()], twos = [.. copy.Cast<object?>()];
        if (ones.Length != twos.Length)
            return path;
        // Sets have no order.
        if (IsSet(value.GetType()) && ones.ToHashSet().SetEquals(twos))
            return null;
        return ones.Zip(twos).Select(pair => Compare(pair.First, pair.Second, path, seen))
            .FirstOrDefault(found => found is not null);
    }

    private static bool IsSet(Type type) => Array.Exists(
        type.GetInterfaces(), one => one.IsGenericType && one.GetGenericTypeDefinition() == typeof(IReadOnlySet<>));

    // Their equality is that of their parts, which may be by reference.
    private static bool IsContainer(Type type) =>
        type.IsGenericType && type.Namespace is "System" or "System.Collections.Generic";

    private static bool SameJson(object value, object copy) =>
        value.GetType() == copy.GetType() && JsonSerializer.Serialize(value) == JsonSerializer.Serialize(copy);
}
