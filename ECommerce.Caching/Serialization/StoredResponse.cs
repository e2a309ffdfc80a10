using System.Buffers.Binary;
using System.ComponentModel;
using System.Text;
using Microsoft.Extensions.Primitives;

namespace ECommerce.Caching.Serialization;

/// <summary>
/// A response as the output-cache middleware serialised it, and what a hit needs of it without that middleware: where
/// the body is, its entity tag, and the headers of the endpoint. Its bytes are never written to, so all readers share
/// them.
/// </summary>
/// <param name="bytes">The response as the middleware serialised it.</param>
/// <param name="etag">The entity tag; null: only the middleware can read this response.</param>
/// <param name="bodyAt">Where the body begins.</param>
/// <param name="bodyLength">How long it is.</param>
/// <param name="headers">Headers of the endpoint that differ from those of every cached response.</param>
[ImmutableObject(true)]
internal sealed class StoredResponse(
    byte[] bytes, string? etag = null, int bodyAt = 0, int bodyLength = 0,
    KeyValuePair<string, StringValues>[]? headers = null)
{
    private const int FixedLength = 16;

    // One for each coding; made by the first reader that accepts it.
    private readonly EncodedBody?[] _encoded = new EncodedBody?[ContentCodings.Count];

    public byte[] Bytes { get; } = bytes;
    public string? ETag { get; } = etag;
    public int BodyAt { get; } = bodyAt;
    public int BodyLength { get; } = bodyLength;
    public KeyValuePair<string, StringValues>[] Headers { get; } = headers ?? [];

    public ReadOnlyMemory<byte> Body => Bytes.AsMemory(BodyAt, BodyLength);

    /// <summary>Finds the body of a response in what the middleware made of it.</summary>
    public static StoredResponse From(
        byte[] bytes, string? etag, ReadOnlySpan<byte> body, KeyValuePair<string, StringValues>[]? headers = null)
    {
        var at = etag is null || body.IsEmpty ? -1 : bytes.AsSpan().LastIndexOf(body);
        return at < 0 ? new StoredResponse(bytes) : new StoredResponse(bytes, etag, at, body.Length, headers);
    }

    /// <summary>The body in a coding, if it was made and is shorter.</summary>
    public EncodedBody? FindEncoded(ContentCoding coding) => Volatile.Read(ref _encoded[(int)coding]);

    /// <summary>The body in a coding: compressed once, by the first reader that accepts it.</summary>
    public EncodedBody Encode(ContentCoding coding, out bool isNew)
    {
        isNew = false;
        lock (_encoded)
        {
            if (_encoded[(int)coding] is { } made)
                return made;
            isNew = true;
            var encoded = EncodedBody.From(coding, Body.Span, ETag!);
            Volatile.Write(ref _encoded[(int)coding], encoded);
            return encoded;
        }
    }

    /// <summary>Keeps a compressed body; where L1 has no room for it, it is not made again for this entry.</summary>
    public void Keep(EncodedBody encoded, bool hasRoom) =>
        Volatile.Write(ref _encoded[(int)encoded.Coding], hasRoom ? encoded : encoded with { Body = null });

    /// <summary>
    /// Lengths of the tag and the headers, place and length of the body (32 bits each, little-endian), the tag, the
    /// headers as lines of name and value, the bytes.
    /// </summary>
    public byte[] Serialize()
    {
        var tag = Encoding.ASCII.GetBytes(ETag ?? string.Empty);
        var lines = Encoding.UTF8.GetBytes(string.Concat(
            Headers.SelectMany(header => header.Value, (header, value) => $"{header.Key}\n{value}\n")));
        var all = new byte[FixedLength + tag.Length + lines.Length + Bytes.Length];
        BinaryPrimitives.WriteInt32LittleEndian(all, tag.Length);
        BinaryPrimitives.WriteInt32LittleEndian(all.AsSpan(4), lines.Length);
        BinaryPrimitives.WriteInt32LittleEndian(all.AsSpan(8), BodyAt);
        BinaryPrimitives.WriteInt32LittleEndian(all.AsSpan(12), BodyLength);
        tag.CopyTo(all, FixedLength);
        lines.CopyTo(all, FixedLength + tag.Length);
        Bytes.CopyTo(all, FixedLength + tag.Length + lines.Length);
        return all;
    }

    /// <exception cref="ArgumentException">The bytes are none that <see cref="Serialize"/> made.</exception>
    public static StoredResponse Deserialize(ReadOnlySpan<byte> all)
    {
        var tagLength = BinaryPrimitives.ReadInt32LittleEndian(all);
        var linesLength = BinaryPrimitives.ReadInt32LittleEndian(all[4..]);
        var (at, length) =
            (BinaryPrimitives.ReadInt32LittleEndian(all[8..]), BinaryPrimitives.ReadInt32LittleEndian(all[12..]));
        var bytes = all[(FixedLength + tagLength + linesLength)..].ToArray();
        _ = bytes.AsSpan(at, length);
        var lines = Encoding.UTF8.GetString(all.Slice(FixedLength + tagLength, linesLength)).Split('\n');
        var headers = lines.Chunk(2).Where(line => line.Length == 2).GroupBy(line => line[0], line => line[1])
            .Select(group => KeyValuePair.Create(group.Key, new StringValues([.. group])));
        return new StoredResponse(
            bytes, tagLength == 0 ? null : Encoding.ASCII.GetString(all.Slice(FixedLength, tagLength)), at, length,
            [.. headers]);
    }
}
