namespace ECommerce.Caching.Serialization;

/// <summary>
/// A number for a type that stays the same between builds while its full name does: a value of another type reads as a
/// miss.
/// </summary>
internal static class TypeId<T>
{
    /// <summary>FNV-1a over the full name (Fowler, Noll, Vo).</summary>
    public static readonly ulong Value = Hash(typeof(T).FullName ?? typeof(T).Name);

    private static ulong Hash(string text)
    {
        var hash = 14695981039346656037UL;
        foreach (var c in text)
            hash = unchecked((hash ^ c) * 1099511628211UL);
        return hash;
    }
}
