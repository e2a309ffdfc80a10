namespace ECommerce.Caching.Keys;

/// <summary>Looks at the characters of keys.</summary>
internal static class KeyFaults
{
    public const int MaxKeyLength = 1024;

    public static KeyFault Find(string key, int maxLength = MaxKeyLength)
    {
        if (string.IsNullOrWhiteSpace(key))
            return KeyFault.Empty;
        if (key.Length > maxLength)
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
