using System.Formats.Asn1;

namespace ECommerce.Api.Tests.Invoices.Receiving;

/// <summary>Writes DER as BER of indefinite length, with its large octet strings cut into chunks.</summary>
internal static class BerRecoder
{
    private const int Chunk = 500;

    public static byte[] Recode(ReadOnlyMemory<byte> der)
    {
        var output = new List<byte>();
        var reader = new AsnReader(der, AsnEncodingRules.DER);
        while (reader.HasData)
            Write(output, reader);
        return [.. output];
    }

    private static void Write(List<byte> output, AsnReader reader)
    {
        var tag = reader.PeekTag();
        var content = reader.PeekContentBytes();
        var encoded = reader.ReadEncodedValue();
        // The signed attributes are hashed as they are, and the certificate's signature is over its bytes.
        if (tag.IsConstructed && tag.TagValue is 16 or 0 && content.Length > 1000)
        {
            output.AddRange([encoded.Span[0], 0x80]);
            output.AddRange(Recode(content));
            output.AddRange([0, 0]);
        }
        else if (tag == Asn1Tag.PrimitiveOctetString && content.Length > Chunk)
        {
            output.AddRange([0x24, 0x80]);
            for (var start = 0; start < content.Length; start += Chunk)
            {
                var part = content[start..Math.Min(start + Chunk, content.Length)];
                output.AddRange([0x04, 0x82, (byte)(part.Length >> 8), (byte)part.Length]);
                output.AddRange(part.ToArray());
            }
            output.AddRange([0, 0]);
        }
        else
        {
            output.AddRange(encoded.ToArray());
        }
    }
}
