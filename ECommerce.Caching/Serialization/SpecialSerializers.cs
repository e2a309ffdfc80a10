using System.Buffers;
using Microsoft.Extensions.Caching.Hybrid;

namespace ECommerce.Caching.Serialization;

/// <summary>Bytes as they are, after one byte that distinguishes null from empty.</summary>
internal sealed class BytesSerializer() : ValueSerializer<byte[]?>("bytes")
{
    // A copy: the caller may write to its array later.
    protected override byte[] Write(byte[]? value) => value is null ? [0] : [1, .. value];

    public override byte[]? Read(ReadOnlyMemory<byte> payload) =>
        payload.Span[0] == 0 ? null : payload[1..].ToArray();
}

/// <summary>Responses, which are never written to.</summary>
internal sealed class ResponseSerializer() : ValueSerializer<StoredResponse>("response")
{
    protected override byte[] Write(StoredResponse value) => value.Serialize();

    public override StoredResponse Read(ReadOnlyMemory<byte> payload) => StoredResponse.Deserialize(payload.Span);
}

/// <summary>
/// A serializer that the application registered, after one byte that distinguishes null: what it keeps of a value is
/// its author's decision.
/// </summary>
internal sealed class CustomSerializer<T>(IHybridCacheSerializer<T> serializer)
    : ValueSerializer<T>(TypeShape.NameOf(serializer.GetType()))
{
    protected override byte[] Write(T value)
    {
        if (value is null)
            return [0];
        var buffer = new ArrayBufferWriter<byte>();
        buffer.GetSpan(1)[0] = 1;
        buffer.Advance(1);
        serializer.Serialize(value, buffer);
        return buffer.WrittenSpan.ToArray();
    }

    public override T Read(ReadOnlyMemory<byte> payload) => payload.Span[0] == 0 ? default!
        : serializer.Deserialize(new ReadOnlySequence<byte>(payload[1..]));
}
