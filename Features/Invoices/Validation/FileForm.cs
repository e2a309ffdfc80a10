using System.Text;
using System.Xml;
using System.Xml.Linq;

namespace ECommerce.Features.Invoices.Validation;

/// <summary>The bytes of a file that is sent: UTF-8 that starts with its declaration, and nothing else.</summary>
internal static class FileForm
{
    private static readonly UTF8Encoding Strict = new(false, throwOnInvalidBytes: true);

    private static readonly XmlReaderSettings Settings = new()
    {
        DtdProcessing = DtdProcessing.Prohibit,
        XmlResolver = null,
        MaxCharactersInDocument = InvoiceValidator.MaxBytes,
    };

    /// <param name="document">Null: the file is no XML.</param>
    /// <param name="xml">The bytes.</param>
    public static IReadOnlyList<InvoiceFault> Check(byte[] xml, out XDocument? document)
    {
        document = null;
        if (xml.Length == 0 || xml[0] != (byte)'<')
            return [Fault("The file does not start with <: a byte order mark is refused, too.")];
        string text;
        try
        {
            text = Strict.GetString(xml);
        }
        catch (DecoderFallbackException)
        {
            return [Fault("The bytes are not UTF-8.")];
        }
        try
        {
            using var reader = XmlReader.Create(new StringReader(text), Settings);
            document = XDocument.Load(reader);
        }
        catch (XmlException exception)
        {
            return [Fault(exception.Message)];
        }
        return [.. Declaration(document)];
    }

    private static IEnumerable<InvoiceFault> Declaration(XDocument document)
    {
        var encoding = document.Declaration?.Encoding;
        if (encoding is { Length: > 0 } && !encoding.Equals("utf-8", StringComparison.OrdinalIgnoreCase))
            yield return Fault($"The declaration names {encoding}, the bytes are UTF-8.");
        if (document.DescendantNodes().OfType<XProcessingInstruction>().Any())
            yield return new InvoiceFault(FaultCodes.Prolog, "File", "A processing instruction is refused by portals.");
        if (document.Root!.Attributes().Any(static attribute => attribute.Name.LocalName == "schemaLocation"))
            yield return new InvoiceFault(FaultCodes.Prolog, "File", "schemaLocation is refused by some readers.");
    }

    private static InvoiceFault Fault(string message) => new(FaultCodes.Schema, "File", message);
}
