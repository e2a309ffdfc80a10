using System.Text.Json;

namespace ECommerce.Caching;

/// <summary>Values as bytes: JSON, but for bytes themselves, which are kept as they are.</summary>
internal static class CacheSerializer
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.General);

    public static byte[] Serialize<T>(T value) => value is byte[] bytes ? bytes : JsonSerializer.SerializeToUtf8Bytes(value, Options);

    /// <summary>False if the bytes are not of this type.</summary>
    public static bool TryDeserialize<T>(ReadOnlyMemory<byte> bytes, out T? value)
    {
        try
        {
            value = typeof(T) == typeof(byte[]) ? (T)(object)bytes.ToArray() : JsonSerializer.Deserialize<T>(bytes.Span, Options);
            return true;
        }
        catch (JsonException)
        {
            value = default;
            return false;
        }
    }
}
