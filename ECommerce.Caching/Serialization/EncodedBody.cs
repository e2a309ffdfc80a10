using System.IO.Compression;

namespace ECommerce.Caching.Serialization;

/// <summary>A response body in one content coding, with the entity tag that names the coding.</summary>
/// <param name="Coding">The coding.</param>
/// <param name="Body">The compressed bytes; null: they are not shorter, so the body is sent as it is.</param>
/// <param name="ETag">The strong entity tag of these bytes.</param>
internal sealed record EncodedBody(ContentCoding Coding, byte[]? Body, string ETag)
{
    /// <summary>Bytes in memory.</summary>
    public int Size => (Body?.Length ?? 0) + (2 * ETag.Length) + 64;

    public static EncodedBody From(ContentCoding coding, ReadOnlySpan<byte> body, string etag)
    {
        using var target = new MemoryStream(body.Length / 2);
        using (Stream compressing = coding == ContentCoding.Brotli
            ? new BrotliStream(target, CompressionLevel.Optimal, leaveOpen: true)
            : new GZipStream(target, CompressionLevel.Optimal, leaveOpen: true))
        {
            compressing.Write(body);
        }
        return new EncodedBody(
            coding, target.Length < body.Length ? target.ToArray() : null, ContentCodings.TagOf(etag, coding));
    }
}
