using System.Buffers;
using System.Buffers.Binary;
using System.IO.Compression;

namespace ECommerce.Caching.Serialization;

/// <summary>Payloads made smaller by Brotli (RFC 7932): the original length (32 bits), then the stream.</summary>
internal static class PayloadCompression
{
    // Quality 1 of 11 runs at the speed of the network it spares; a window of 2^18 bytes holds most payloads whole.
    private const int Quality = 1;
    private const int WindowBits = 18;

    private const int LengthSize = 4;

    /// <summary>The compressed payload; null if that would not save a fifth.</summary>
    public static byte[]? Compress(ReadOnlySpan<byte> payload)
    {
        // The encoder gives up where the result does not fit, so the room is the condition.
        var room = (int)(payload.Length * 0.8) - LengthSize;
        if (room <= 0)
            return null;
        var buffer = ArrayPool<byte>.Shared.Rent(room);
        try
        {
            if (!BrotliEncoder.TryCompress(payload, buffer.AsSpan(0, room), out var written, Quality, WindowBits))
                return null;
            var compressed = new byte[LengthSize + written];
            BinaryPrimitives.WriteInt32LittleEndian(compressed, payload.Length);
            buffer.AsSpan(0, written).CopyTo(compressed.AsSpan(LengthSize));
            return compressed;
        }
        finally
        {
            // Cleared: it may have held personal data in plain text.
            ArrayPool<byte>.Shared.Return(buffer, clearArray: true);
        }
    }

    /// <summary>
    /// The original payload; null if it is none, or longer than allowed: a few bytes must not unfold into all of our
    /// memory.
    /// </summary>
    public static byte[]? Decompress(ReadOnlySpan<byte> compressed, int maximum)
    {
        if (!BinaryPrimitives.TryReadInt32LittleEndian(compressed, out var length) || length < 0 || length > maximum)
            return null;
        var payload = new byte[length];
        return BrotliDecoder.TryDecompress(compressed[LengthSize..], payload, out var written) && written == length
            ? payload : null;
    }
}
