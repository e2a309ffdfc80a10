using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace ECommerce.Caching.Serialization;

/// <summary>
/// How values become JSON: with public fields (tuples have nothing else), and never as less than they are. A derived
/// type behind a base type that does not declare it, a collection of another class or with another comparer throws
/// <see cref="LossException"/> while it is written.
/// </summary>
internal sealed class JsonContract
{
    // Of these it is known that what is read back equals what was written.
    private static readonly HashSet<Type> Exact =
    [
        typeof(string), typeof(bool), typeof(char), typeof(byte), typeof(sbyte), typeof(short), typeof(ushort),
        typeof(int), typeof(uint), typeof(long), typeof(ulong), typeof(Int128), typeof(UInt128), typeof(Half),
        typeof(float), typeof(double), typeof(decimal), typeof(DateTime), typeof(DateTimeOffset), typeof(TimeSpan),
        typeof(DateOnly), typeof(TimeOnly), typeof(Guid), typeof(Uri), typeof(Version), typeof(byte[]),
    ];

    public JsonContract(JsonSerializerOptions? given = null)
    {
        Options = given is null ? new(JsonSerializerDefaults.General) { IncludeFields = true } : new(given);
        Options.TypeInfoResolver = (Options.TypeInfoResolver ?? new DefaultJsonTypeInfoResolver())
            .WithAddedModifier(Guard);
        Options.MakeReadOnly();
    }

    public JsonSerializerOptions Options { get; }

    /// <summary>
    /// A member that may be lost, so that each value has to be compared with what is read back: one without a setter or
    /// a parameter of the constructor, a private field, <c>object</c>, an unknown converter. Null: there is none.
    /// </summary>
    public string? DoubtfulMember(Type type)
    {
        try
        {
            return Find(type, TypeShape.NameOf(type), []);
        }
        catch (Exception exception) when (exception is NotSupportedException or InvalidOperationException)
        {
            // No JSON at all: the serializer's exception will name the type.
            return TypeShape.NameOf(type);
        }
    }

    /// <summary>The names of a type's members in JSON, and its declared derived types.</summary>
    public IEnumerable<string> MembersOf(Type type)
    {
        JsonTypeInfo info;
        try
        {
            info = Options.GetTypeInfo(type);
        }
        catch (Exception exception) when (exception is NotSupportedException or InvalidOperationException)
        {
            return [];
        }
        return info.Properties.Select(property => $"json {property.Name}:{TypeShape.NameOf(property.PropertyType)}")
            .Concat(info.PolymorphismOptions?.DerivedTypes.Select(
                derived => $"json {derived.TypeDiscriminator}:{TypeShape.NameOf(derived.DerivedType)}") ?? []);
    }

    private static void Guard(JsonTypeInfo info)
    {
        var type = info.Type;
        var declared = info.OnSerializing;
        if (type.IsValueType || type.IsArray)
            return;
        if (info.Kind == JsonTypeInfoKind.Object && !type.IsSealed)
        {
            info.OnSerializing = value =>
            {
                if (value.GetType() != type)
                    throw new LossException(ValueGraph.DerivedMember(type, value.GetType()));
                declared?.Invoke(value);
            };
        }
        else if (info.Kind is JsonTypeInfoKind.Enumerable or JsonTypeInfoKind.Dictionary)
        {
            info.OnSerializing = value =>
            {
                if (CollectionTraits.Loss(type, value) is { } lost)
                    throw new LossException(lost);
                declared?.Invoke(value);
            };
        }
    }

    private string? Find(Type type, string path, HashSet<Type> seen)
    {
        if (!seen.Add(type))
            return null;
        var info = Options.GetTypeInfo(type);
        return info.Kind switch
        {
            JsonTypeInfoKind.Object => FindInObject(info, seen),
            JsonTypeInfoKind.None => FindInConverted(info, path, seen),
            _ => CollectionTraits.DoubtfulMember(type)
                ?? (info.KeyType is { } key ? Find(key, $"{path} of {key.Name}", seen) : null)
                ?? (info.ElementType is { } element ? Find(element, $"{path} of {element.Name}", seen) : path),
        };
    }

    private string? FindInConverted(JsonTypeInfo info, string path, HashSet<Type> seen)
    {
        if (info.Converter.GetType().Assembly != typeof(JsonSerializer).Assembly)
            return $"{path} ({info.Converter.GetType().Name})";
        if (Nullable.GetUnderlyingType(info.Type) is { } underlying)
            return Find(underlying, path, seen);
        return info.Type.IsEnum || Exact.Contains(info.Type) ? null : $"{path} ({info.Type.Name})";
    }

    private string? FindInObject(JsonTypeInfo info, HashSet<Type> seen)
    {
        var type = info.Type;
        var carried = new HashSet<string>(StringComparer.Ordinal);
        foreach (var property in info.Properties)
        {
            // What is not always written may come back with the default of its initialiser.
            if (property.Get is not null && (property.Set ?? (object?)property.AssociatedParameter) is not null
                && property.CustomConverter is null && property.ShouldSerialize is null && !property.IsExtensionData
                && property.AttributeProvider is MemberInfo member)
            {
                carried.Add(member is FieldInfo ? member.Name : $"<{member.Name}>k__BackingField");
            }
        }
        foreach (var field in ValueGraph.FieldsOf(type))
        {
            if (!carried.Contains(field.Name))
                return $"{type.Name}.{ImmutableTypes.MemberName(field)}";
        }
        foreach (var property in info.Properties)
        {
            if (property.Get is not null
                && Find(property.PropertyType, $"{type.Name}.{property.Name}", seen) is { } found)
            {
                return found;
            }
        }
        return info.PolymorphismOptions?.DerivedTypes
            .Select(derived => Find(derived.DerivedType, derived.DerivedType.Name, seen))
            .FirstOrDefault(found => found is not null);
    }
}
