using System.Reflection;
using System.Text;

namespace ECommerce.Caching.Serialization;

/// <summary>
/// What a stored value of a type looks like: the names and types of its members and of theirs, the names and values of
/// enums. After a deploy that changes one of these, entries of the old shape read as misses. Versions of assemblies are
/// not part of it.
/// </summary>
internal static class TypeShape
{
    /// <summary>FNV-1a over the shape as text (Fowler, Noll, Vo).</summary>
    /// <param name="type">The type.</param>
    /// <param name="format">The form of the payload.</param>
    /// <param name="contract">What a serializer adds for a type: other names, types that are declared as derived.
    /// </param>
    public static ulong Hash(Type type, string format, Func<Type, IEnumerable<string>>? contract = null)
    {
        var hash = 14695981039346656037UL;
        foreach (var c in format + ' ' + Describe(type, contract))
            hash = unchecked((hash ^ c) * 1099511628211UL);
        return hash;
    }

    /// <summary>The full name, with those of its type arguments, without assemblies.</summary>
    public static string NameOf(Type type)
    {
        if (type.IsArray)
            return $"{NameOf(type.GetElementType()!)}[{new string(',', type.GetArrayRank() - 1)}]";
        if (!type.IsConstructedGenericType)
            return type.FullName ?? type.Name;
        var arguments = string.Join(',', type.GetGenericArguments().Select(NameOf));
        return $"{type.GetGenericTypeDefinition().FullName}[{arguments}]";
    }

    /// <summary>Whether a type is of the framework: its shape does not change with the application.</summary>
    public static bool IsFramework(Type type) =>
        type.Namespace is { } name && (name == "System" || name.StartsWith("System.", StringComparison.Ordinal));

    internal static string Describe(Type root, Func<Type, IEnumerable<string>>? contract = null)
    {
        var text = new StringBuilder();
        var types = new Queue<Type>([root]);
        var seen = new HashSet<Type>(types);
        while (types.TryDequeue(out var type))
        {
            text.Append(NameOf(type)).Append('{');
            foreach (var part in PartsOf(type))
            {
                if (seen.Add(part))
                    types.Enqueue(part);
            }
            text.AppendJoin(';', Members(type, contract)).Append('}');
        }
        return text.ToString();
    }

    private static IEnumerable<string> Members(Type type, Func<Type, IEnumerable<string>>? contract)
    {
        if (type.IsEnum)
        {
            return Enum.GetNames(type).Order(StringComparer.Ordinal).Select(name => $"{name}={Value(type, name)}")
                .Append(NameOf(Enum.GetUnderlyingType(type)));
        }
        if (IsFramework(type) || type.IsArray)
            return [];
        return MembersOf(type).Select(member => $"{member.Name}:{NameOf(member.Type)}")
            .Concat(contract?.Invoke(type) ?? []).Order(StringComparer.Ordinal);
    }

    private static string Value(Type type, string name) =>
        Enum.Format(type, Enum.Parse(type, name), "d");

    private static IEnumerable<Type> PartsOf(Type type)
    {
        if (type.IsArray)
            return [type.GetElementType()!];
        IEnumerable<Type> parts = type.IsConstructedGenericType ? type.GetGenericArguments() : [];
        if (IsFramework(type) || type.IsEnum)
            return parts;
        return parts.Concat(MembersOf(type).Select(member => member.Type))
            // A collection of the application has its elements by what it implements.
            .Concat(type.GetInterfaces().Where(one => one.IsConstructedGenericType)
                .SelectMany(one => one.GetGenericArguments()))
            .Concat(Declared(type)).OrderBy(NameOf, StringComparer.Ordinal);
    }

    private static IEnumerable<Type> Declared(Type type) =>
        type.GetCustomAttributes<System.Text.Json.Serialization.JsonDerivedTypeAttribute>(inherit: false)
            .Select(attribute => attribute.DerivedType);

    private static IEnumerable<(string Name, Type Type)> MembersOf(Type type)
    {
        foreach (var property in type.GetProperties(BindingFlags.Instance | BindingFlags.Public))
        {
            if (property.GetIndexParameters().Length == 0)
                yield return (property.Name, property.PropertyType);
        }
        foreach (var field in type.GetFields(BindingFlags.Instance | BindingFlags.Public))
            yield return (field.Name, field.FieldType);
    }
}
