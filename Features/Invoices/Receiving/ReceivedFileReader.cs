using System.Xml.Linq;
using ECommerce.Features.Invoices.Documents;
using ECommerce.Features.Invoices.Xml;

namespace ECommerce.Features.Invoices.Receiving;

/// <summary>
/// Reads invoices as they are received: XML of any prefix and encoding, signed or not, also as text. The content
/// decides, not the name; a file that cannot be read is reported with its reason, never with an exception.
/// </summary>
internal static class ReceivedFileReader
{
    /// <summary>Of a file and of the XML in it.</summary>
    public const int MaxBytes = 5 * 1024 * 1024;

    // The text of signed bytes is a third longer, and has line ends.
    private const int MaxEncodedBytes = (MaxBytes * 4 / 3) + (MaxBytes / 16);

    // Signatures in signatures: more are no invoice.
    private const int MaxLayers = 5;

    public static ReceivedFile Read(ReadOnlyMemory<byte> file, string name)
    {
        try
        {
            return ReadLayers(file, name);
        }
        // The bytes are those of others, and a file that is not understood must not keep the next ones from being read.
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            return Unreadable(name, UnreadableReason.UnknownForm, exception.GetType().Name);
        }
    }

    private static ReceivedFile ReadLayers(ReadOnlyMemory<byte> file, string name)
    {
        var signature = SignatureState.None;
        var content = file;
        for (var layer = 0; layer <= MaxLayers * 2; layer++)
        {
            switch (FileContent.Recognise(content.Span))
            {
                case ContentForm.Empty:
                    return Unreadable(name, UnreadableReason.Empty, "The file is empty.");
                case ContentForm.Xml:
                    return ReadXml(content, name, signature);
                case ContentForm.Signed when content.Length > MaxBytes:
                case ContentForm.Encoded when content.Length > MaxEncodedBytes:
                    return Unreadable(name, UnreadableReason.TooLarge, $"The file has {content.Length} bytes.");
                case ContentForm.Signed:
                    if (SignedContent.TryRead(content) is not { } signed)
                        return Unreadable(name, UnreadableReason.UnknownForm, "The signed file is cut off or damaged.");
                    signature = signature == SignatureState.Invalid ? signature : signed.Signature;
                    content = signed.Content;
                    break;
                case ContentForm.Encoded:
                    if (EncodedContent.TryDecode(content.Span) is not { } decoded)
                        return Unreadable(name, UnreadableReason.UnknownForm, "The text is no base64.");
                    content = decoded;
                    break;
                default:
                    return Unreadable(
                        name, UnreadableReason.UnknownForm, "The file is neither XML nor a signed file.");
            }
        }
        return Unreadable(name, UnreadableReason.UnknownForm, "There are too many signatures.");
    }

    private static ReceivedFile ReadXml(ReadOnlyMemory<byte> xml, string name, SignatureState signature)
    {
        if (xml.Length > MaxBytes)
            return Unreadable(name, UnreadableReason.TooLarge, $"The XML has {xml.Length} bytes.");
        if (ReceivedXml.Load(xml, out var reason, out var detail) is not { } document)
            return Unreadable(name, reason, detail) with { Xml = xml.ToArray(), Signature = signature };
        if (signature == SignatureState.None && HasSignature(document))
            signature = SignatureState.NotChecked;
        try
        {
            return new ReceivedFile(name, InvoiceXmlReader.Read(document))
            {
                Xml = xml.ToArray(),
                Signature = signature,
            };
        }
        catch (FormatException exception)
        {
            return Unreadable(name, UnreadableReason.NoInvoice, exception.Message) with
            {
                Xml = xml.ToArray(),
                Signature = signature,
            };
        }
    }

    private static bool HasSignature(XDocument document) =>
        document.Root!.Elements().Any(static element => element.Name.LocalName == "Signature");

    private static ReceivedFile Unreadable(string name, UnreadableReason reason, string detail) =>
        new(name, Array.Empty<InvoiceDocument>()) { Reason = reason, Detail = detail };
}
