namespace ECommerce.Caching;

/// <summary>Why nothing is kept under a key.</summary>
public enum KeyFault
{
    /// <summary>Something may be.</summary>
    None,

    /// <summary>It is empty.</summary>
    Empty,

    /// <summary>It is longer than 1024 characters.</summary>
    TooLong,

    /// <summary>It has control characters.</summary>
    ControlCharacter,

    /// <summary>It has half of a surrogate pair, which no encoding keeps.</summary>
    HalfOfAPair,

    /// <summary>No policy covers it: what is read with plain options is kept in memory, and nothing of it in Redis.</summary>
    NoPolicy,
}

/// <summary>Looks at the characters of keys.</summary>
internal static class KeyFaults
{
    public const int LongestKey = 1024;

    public static KeyFault Of(string key)
    {
        if (key.Length == 0)
            return KeyFault.Empty;
        if (key.Length > LongestKey)
            return KeyFault.TooLong;
        for (var i = 0; i < key.Length; i++)
        {
            if (char.IsControl(key[i]))
                return KeyFault.ControlCharacter;
            if (!char.IsSurrogate(key[i]))
                continue;
            if (i + 1 == key.Length || !char.IsSurrogatePair(key[i], key[i + 1]))
                return KeyFault.HalfOfAPair;
            i++;
        }
        return KeyFault.None;
    }
}
