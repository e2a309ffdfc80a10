using System.Text.Json;

namespace ECommerce.Caching;

/// <summary>Values as bytes: JSON, but for bytes themselves, which are kept as they are.</summary>
internal static class CacheSerializer
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.General);

    public static byte[] Serialize<T>(T value) => value is byte[] bytes ? bytes : JsonSerializer.SerializeToUtf8Bytes(value, Options);

    /// <exception cref="JsonException">The bytes are not of this type.</exception>
    public static T Deserialize<T>(ReadOnlyMemory<byte> bytes) =>
        typeof(T) == typeof(byte[]) ? (T)(object)bytes.ToArray() : JsonSerializer.Deserialize<T>(bytes.Span, Options)!;
}
