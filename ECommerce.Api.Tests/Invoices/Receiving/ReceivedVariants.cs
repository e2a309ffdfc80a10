using System.Security.Cryptography;
using System.Security.Cryptography.Pkcs;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace ECommerce.Api.Tests.Invoices.Receiving;

/// <summary>One invoice in the forms in which files are received.</summary>
internal static class ReceivedVariants
{
    private const string Declaration = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";

    public static readonly string Text = File.ReadAllText(
        Path.Combine(RepositoryRoot.Path, "ECommerce.Api.Tests", "Invoices", "Receiving", "invoice.xml"));

    private static readonly byte[] Plain = Encoding.UTF8.GetBytes(Text);
    private static readonly byte[] Signed = Sign(Plain);

    public static readonly IReadOnlyDictionary<string, byte[]> All = new Dictionary<string, byte[]>
    {
        ["plain.xml"] = Plain,
        ["bom.xml"] = [0xEF, 0xBB, 0xBF, .. Plain],
        ["blanks_before.xml"] = [.. "\r\n  "u8, .. Encoding.UTF8.GetBytes(Body)],
        ["no_declaration.xml"] = Encoding.UTF8.GetBytes(Body),
        ["crlf.xml"] = Encoding.UTF8.GetBytes(Text.ReplaceLineEndings("\r\n")),
        ["utf16.xml"] = [0xFF, 0xFE, .. Encoding.Unicode.GetBytes(Declared("UTF-16"))],
        ["utf16_without_mark.xml"] = Encoding.Unicode.GetBytes(Declared("UTF-16")),
        ["utf16_big_endian.xml"] = [0xFE, 0xFF, .. Encoding.BigEndianUnicode.GetBytes(Declared("UTF-16"))],
        ["latin1.xml"] = Encoding.Latin1.GetBytes(Declared("ISO-8859-1")),
        ["windows1252.xml"] = Encoding.Latin1.GetBytes(Declared("windows-1252")),
        ["latin1_declared_as_utf8.xml"] = Encoding.Latin1.GetBytes(Text),
        ["utf8_declared_as_utf16.xml"] = Encoding.UTF8.GetBytes(Declared("UTF-16")),
        ["prefix_ns2.xml"] = Replaced("p:Fattura", "ns2:Fattura", "xmlns:p=", "xmlns:ns2="),
        ["default_namespace.xml"] = Replaced(
            "p:Fattura", "Fattura", "xmlns:p=", "xmlns=", "<FatturaElettronicaHeader>",
            "<FatturaElettronicaHeader xmlns=\"\">", "<FatturaElettronicaBody>", "<FatturaElettronicaBody xmlns=\"\">"),
        ["all_in_namespace.xml"] = Replaced("p:Fattura", "Fattura", "xmlns:p=", "xmlns="),
        ["schema_location.xml"] = Replaced(
            " versione=",
            " xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" xsi:schemaLocation=\"a b\" versione="),
        ["stylesheet.xml"] = Encoding.UTF8.GetBytes(
            Declaration + "<?xml-stylesheet type=\"text/xsl\" href=\"fattura.xsl\"?>" + Body),
        ["instruction_inside.xml"] = Replaced("<FatturaElettronicaBody>", "<?pi a?><!-- b --><FatturaElettronicaBody>"),
        ["date_with_zone.xml"] = Replaced("<Data>2026-10-31</Data>", "<Data>2026-10-31+01:00</Data>"),
        ["date_with_z.xml"] = Replaced("<Data>2026-10-31</Data>", "<Data>2026-10-31Z</Data>"),
        ["eight_decimals.xml"] = Replaced(">100.00</Prezzo", ">100.00000000</Prezzo"),
        ["enveloped_signature.xml"] = Replaced(
            "</p:Fattura", "<ds:Signature xmlns:ds=\"http://www.w3.org/2000/09/xmldsig#\"/></p:Fattura"),
        ["der.xml.p7m"] = Signed,
        ["named_xml.xml"] = Signed,
        ["trailing_bytes.xml.p7m"] = [.. Signed, 0, 0, 0],
        ["der_of_bom.xml.p7m"] = Sign([0xEF, 0xBB, 0xBF, .. Plain]),
        ["der_of_windows1252.xml.p7m"] = Sign(Encoding.Latin1.GetBytes(Declared("windows-1252"))),
        ["ber.xml.p7m"] = BerRecoder.Recode(Signed),
        ["twice.xml.p7m.p7m"] = Sign(Signed),
        ["base64.xml.p7m"] = Encoding.ASCII.GetBytes(Convert.ToBase64String(Signed)),
        ["base64_lines.xml.p7m"] = Encoding.ASCII.GetBytes(Lines()),
        ["base64_no_padding.xml.p7m"] = Encoding.ASCII.GetBytes(Convert.ToBase64String(Padded()).TrimEnd('=')),
        ["base64_of_ber.xml.p7m"] = Encoding.ASCII.GetBytes(Convert.ToBase64String(BerRecoder.Recode(Signed))),
        ["pem.xml.p7m"] = Encoding.ASCII.GetBytes($"-----BEGIN PKCS7-----\n{Lines()}\n-----END PKCS7-----\n"),
        ["not_signed.xml.p7m"] = Plain,
    };

    private static string Body => Text[Declaration.Length..];

    public static byte[] Sign(byte[] content)
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest("CN=Test", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        var from = new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
        using var certificate = request.CreateSelfSigned(from, from.AddYears(10));
        var cms = new SignedCms(new ContentInfo(content));
        cms.ComputeSignature(new CmsSigner(certificate));
        return cms.Encode();
    }

    private static string Lines() => Convert.ToBase64String(Signed, Base64FormattingOptions.InsertLineBreaks);

    // Its length is no multiple of three, so that its base64 ends with padding.
    private static byte[] Padded()
    {
        var content = Plain;
        while (true)
        {
            var signed = Sign(content);
            if (signed.Length % 3 != 0)
                return signed;
            content = [.. content, (byte)'\n'];
        }
    }

    private static string Declared(string encoding) =>
        Text.Replace("encoding=\"UTF-8\"", $"encoding=\"{encoding}\"", StringComparison.Ordinal);

    private static byte[] Replaced(params string[] pairs)
    {
        var text = Text;
        for (var i = 0; i < pairs.Length; i += 2)
        {
            Assert.Contains(pairs[i], text, StringComparison.Ordinal);
            text = text.Replace(pairs[i], pairs[i + 1], StringComparison.Ordinal);
        }
        return Encoding.UTF8.GetBytes(text);
    }
}
