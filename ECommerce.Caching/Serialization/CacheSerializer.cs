using System.Text.Json;

namespace ECommerce.Caching.Serialization;

/// <summary>Values as bytes: JSON, but for bytes themselves, which are kept as they are.</summary>
internal static class CacheSerializer
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.General);

    public static byte[] Serialize<T>(T value) => value switch
    {
        StoredResponse response => response.Serialize(),
        // A copy: the caller may write to its array later.
        byte[] bytes => [.. bytes],
        _ => JsonSerializer.SerializeToUtf8Bytes(value, Options),
    };

    public static T Deserialize<T>(ReadOnlyMemory<byte> bytes)
    {
        if (typeof(T) == typeof(byte[]))
            return (T)(object)bytes.ToArray();
        if (typeof(T) == typeof(StoredResponse))
            return (T)(object)StoredResponse.Deserialize(bytes.Span);
        return JsonSerializer.Deserialize<T>(bytes.Span, Options)!;
    }

    /// <summary>False if the bytes are not of this type.</summary>
    public static bool TryDeserialize<T>(ReadOnlyMemory<byte> bytes, out T? value)
    {
        try
        {
            value = Deserialize<T>(bytes);
            return true;
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            // Any exception of a converter or constructor on unknown bytes: the entry is a miss, and the factory runs.
            value = default;
            return false;
        }
    }
}
