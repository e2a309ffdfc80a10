using System.Collections;
using System.Collections.Concurrent;
using System.Globalization;
using System.Reflection;
using System.Text;
using ECommerce.Caching.Serialization;

namespace ECommerce.Caching.Keys;

/// <summary>
/// A composite value as text: one text for equal values, and no text for two. It is made of the value's whole state,
/// its fields (those behind properties under their names), sorted by name; a field with its type's default is left out.
/// Elements of lists are in their order; those of sets and dictionaries are sorted and without repetition. Each text is
/// led by its length, so none can pass for the text of something else.
/// </summary>
internal static class CanonicalForm
{
    private static readonly ConcurrentDictionary<Type, string?> Refusals = new();
    private static readonly ConcurrentDictionary<Type, (string Name, FieldInfo Field)[]> Fields = new();
    private static readonly ConcurrentDictionary<Type, object?> Defaults = new();

    public static string From(object? value, Type declared)
    {
        var text = new StringBuilder();
        Append(text, value, declared);
        return text.ToString();
    }

    /// <summary>
    /// Why values of a type cannot be distinguished reliably; null if they can. A mutable type is refused as well: a
    /// refresh would compute something else than the key names.
    /// </summary>
    public static string? Refusal(Type type) => Refusals.GetOrAdd(type, static type =>
        ImmutableTypes.MutableMember(type) is { } mutable ? $"{mutable} could be changed while it is in use"
            : Opaque(type, []));

    private static string? Opaque(Type type, HashSet<Type> underWay)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        if (KeyText.IsSimple(type) || !underWay.Add(type))
            return null;
        if (IsOfTheFramework(type))
        {
            return IsCollection(type) || type.IsAssignableTo(typeof(System.Runtime.CompilerServices.ITuple))
                || type.Name == typeof(KeyValuePair<,>).Name
                ? type.GetGenericArguments().Select(argument => Opaque(argument, underWay))
                    .FirstOrDefault(refusal => refusal is not null)
                : $"the state of {type.Name} is not known";
        }
        return IsCollection(type)
            ? $"{type.Name} is a collection of its own kind; a read-only collection of the framework can be used"
            : FieldsOf(type).Select(field => Opaque(field.Field.FieldType, underWay))
                .FirstOrDefault(refusal => refusal is not null);
    }

    private static void Append(StringBuilder text, object? value, Type declared)
    {
        if (IsDefault(value, declared))
        {
            text.Append('-');
            return;
        }
        var type = value!.GetType();
        if (KeyText.IsSimple(type))
            Append(text, KeyText.From(value));
        else if (value is IEnumerable elements)
            Append(text, elements, type, ElementOf(declared));
        else
            Append(text, value, type, isDerived: type != (Nullable.GetUnderlyingType(declared) ?? declared));
    }

    private static void Append(StringBuilder text, string simple) =>
        text.Append(CultureInfo.InvariantCulture, $"{simple.Length}:{simple}");

    private static void Append(StringBuilder text, IEnumerable elements, Type type, Type element)
    {
        IEnumerable<string> texts = [.. elements.Cast<object?>().Select(value => From(value, element))];
        var unordered = Array.Exists(type.GetInterfaces(), one =>
            one == typeof(IDictionary) || (one.IsGenericType && one.GetGenericTypeDefinition() is var kind
                && (kind == typeof(ISet<>) || kind == typeof(IReadOnlySet<>)
                    || kind == typeof(IReadOnlyDictionary<,>))));
        if (unordered)
            texts = texts.Distinct().Order(StringComparer.Ordinal);
        text.Append(unordered ? '{' : '[').AppendJoin(',', texts).Append(unordered ? '}' : ']');
    }

    private static void Append(StringBuilder text, object value, Type type, bool isDerived)
    {
        text.Append('(');
        if (isDerived)
        {
            // What the start could not see: something derived from the declared type.
            if (Refusal(type) is { } why)
                throw new ArgumentException($"A value cannot stand in a key: {why}.", nameof(value));
            Append(text, type.FullName!);
        }
        foreach (var (name, field) in FieldsOf(type))
        {
            var member = field.GetValue(value);
            if (IsDefault(member, field.FieldType))
                continue;
            text.Append(name).Append('=');
            Append(text, member, field.FieldType);
            text.Append(';');
        }
        text.Append(')');
    }

    // Structs of others may have an own opinion on what equals their default; all their fields are left out one by one.
    private static bool IsDefault(object? value, Type declared) =>
        value is null
            || (declared.IsValueType && (KeyText.IsSimple(declared) || IsCollection(declared))
            && value.Equals(Defaults.GetOrAdd(declared, Activator.CreateInstance)));

    private static Type ElementOf(Type declared) =>
        Array.Find([declared, .. declared.GetInterfaces()], one => one.IsGenericType
            && one.GetGenericTypeDefinition() == typeof(IEnumerable<>))?.GetGenericArguments()[0] ?? typeof(object);

    private static bool IsOfTheFramework(Type type) =>
        type.Assembly == typeof(object).Assembly || type.Namespace?.Split('.')[0] is "System" or "Microsoft";

    private static bool IsCollection(Type type) => type.IsAssignableTo(typeof(IEnumerable));

    private static (string Name, FieldInfo Field)[] FieldsOf(Type type) => Fields.GetOrAdd(type, static type =>
    {
        var fields = new List<(string Name, FieldInfo Field)>();
        for (var (declaring, depth) = (type, ""); declaring is not null
            && declaring != typeof(object); (declaring, depth) = (declaring.BaseType, depth + '^'))
        {
            foreach (var field in declaring.GetFields(
                BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly))
            {
                fields.Add(((field.Name.StartsWith('<')
                    ? field.Name[1..field.Name.IndexOf('>', StringComparison.Ordinal)] : field.Name) + depth, field));
            }
        }
        return [.. fields.OrderBy(field => field.Name, StringComparer.Ordinal)];
    });
}
