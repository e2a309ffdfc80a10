using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.Pkcs;

namespace ECommerce.Features.Invoices.Receiving;

/// <summary>What a signed file contains.</summary>
internal sealed record SignedContent(ReadOnlyMemory<byte> Content, SignatureState Signature)
{
    private const string SignedData = "1.2.840.113549.1.7.2";
    private static readonly Asn1Tag Explicit0 = new(TagClass.ContextSpecific, 0);

    /// <summary>The content of a CMS file, DER or BER; null: it is none, or cut off.</summary>
    public static SignedContent? TryRead(ReadOnlyMemory<byte> file)
    {
        try
        {
            var content = ContentOf(file);
            return content is null ? null : new SignedContent(content, Check(file.Span));
        }
        catch (AsnContentException)
        {
            return null;
        }
    }

    // The content is read by itself: certificates and signatures that cannot be read must not keep an invoice back.
    private static byte[]? ContentOf(AsnReader info)
    {
        if (info.ReadObjectIdentifier() != SignedData)
            return null;
        var data = info.ReadSequence(Explicit0).ReadSequence();
        data.ReadInteger();
        data.ReadSetOf(skipSortOrderValidation: true);
        var encapsulated = data.ReadSequence();
        encapsulated.ReadObjectIdentifier();
        // A detached signature has no content.
        return encapsulated.HasData ? encapsulated.ReadSequence(Explicit0).ReadOctetString() : null;
    }

    private static byte[]? ContentOf(ReadOnlyMemory<byte> file) =>
        ContentOf(new AsnReader(file, AsnEncodingRules.BER).ReadSequence());

    private static SignatureState Check(ReadOnlySpan<byte> file)
    {
        try
        {
            var cms = new SignedCms();
            cms.Decode(file);
            if (cms.SignerInfos.Count == 0)
                return SignatureState.Invalid;
            cms.CheckSignature(verifySignatureOnly: true);
            return SignatureState.Valid;
        }
        catch (Exception exception) when (exception is CryptographicException or AsnContentException)
        {
            return SignatureState.Invalid;
        }
    }
}
