using System.Buffers.Binary;
using System.ComponentModel;
using System.Text;

namespace ECommerce.Caching.Serialization;

/// <summary>
/// A response as the output-cache middleware serialised it, and the place of the body in it, so that a hit needs
/// nothing else. These bytes are never written to, so all readers share them; other byte arrays are copied.
/// </summary>
/// <param name="Bytes">What the middleware gave.</param>
/// <param name="ETag">The entity tag of the response; null if it is not one of ours, and only the middleware can read
/// it.</param>
/// <param name="BodyAt">Where the body begins.</param>
/// <param name="BodyLength">How long it is.</param>
[ImmutableObject(true)]
internal readonly record struct ResponseBytes(byte[] Bytes, string? ETag = null, int BodyAt = 0, int BodyLength = 0)
{
    private const int FixedLength = 12;

    public ReadOnlyMemory<byte> Body => Bytes.AsMemory(BodyAt, BodyLength);

    /// <summary>Finds the body of a response in what the middleware made of it.</summary>
    public static ResponseBytes From(byte[] bytes, string? etag, ReadOnlySpan<byte> body)
    {
        var at = etag is null || body.IsEmpty ? -1 : bytes.AsSpan().LastIndexOf(body);
        return at < 0 ? new ResponseBytes(bytes) : new ResponseBytes(bytes, etag, at, body.Length);
    }

    /// <summary>
    /// Length of the tag, place and length of the body (32 bits each, little-endian), the tag, the bytes.
    /// </summary>
    public byte[] Serialize()
    {
        var tag = Encoding.ASCII.GetBytes(ETag ?? string.Empty);
        var all = new byte[FixedLength + tag.Length + Bytes.Length];
        BinaryPrimitives.WriteInt32LittleEndian(all, tag.Length);
        BinaryPrimitives.WriteInt32LittleEndian(all.AsSpan(4), BodyAt);
        BinaryPrimitives.WriteInt32LittleEndian(all.AsSpan(8), BodyLength);
        tag.CopyTo(all, FixedLength);
        Bytes.CopyTo(all, FixedLength + tag.Length);
        return all;
    }

    /// <exception cref="ArgumentException">The bytes are none that <see cref="Serialize"/> made.</exception>
    public static ResponseBytes Deserialize(ReadOnlySpan<byte> all)
    {
        var tagLength = BinaryPrimitives.ReadInt32LittleEndian(all);
        var (at, length) =
            (BinaryPrimitives.ReadInt32LittleEndian(all[4..]), BinaryPrimitives.ReadInt32LittleEndian(all[8..]));
        var bytes = all[(FixedLength + tagLength)..].ToArray();
        _ = bytes.AsSpan(at, length);
        return new ResponseBytes(
            bytes, tagLength == 0 ? null : Encoding.ASCII.GetString(all.Slice(FixedLength, tagLength)), at, length);
    }
}
