using System.Text;
using System.Text.RegularExpressions;
using System.Xml;
using System.Xml.Linq;

namespace ECommerce.Features.Invoices.Receiving;

/// <summary>Loads XML of others: no document type, nothing from elsewhere, bounded, in any encoding.</summary>
internal static partial class ReceivedXml
{
    private const int DeclarationLength = 200;

    private static readonly XmlReaderSettings Settings = new()
    {
        DtdProcessing = DtdProcessing.Prohibit,
        XmlResolver = null,
        MaxCharactersInDocument = ReceivedFileReader.MaxBytes,
        IgnoreComments = true,
        IgnoreProcessingInstructions = true,
        CheckCharacters = false,
    };

    /// <summary>The document; null with the reason why it was not loaded.</summary>
    public static XDocument? Load(ReadOnlyMemory<byte> xml, out UnreadableReason reason, out string detail)
    {
        (reason, detail) = (UnreadableReason.BrokenXml, "");
        if (Decode(xml) is not { } text)
        {
            detail = "The encoding of the XML is not known.";
            return null;
        }
        try
        {
            if (XmlLimits.Exceeded(text, Settings) is { } exceeded)
            {
                (reason, detail) = (UnreadableReason.Hostile, exceeded);
                return null;
            }
            using var reader = XmlReader.Create(new StringReader(text), Settings);
            return XDocument.Load(reader);
        }
        catch (XmlException exception)
        {
            // The parser refuses it before it reads an entity.
            (reason, detail) = DocumentType().IsMatch(text)
                ? (UnreadableReason.Hostile, "The XML has a document type.")
                : (UnreadableReason.BrokenXml, $"Line {exception.LineNumber}: the XML is not well-formed.");
            return null;
        }
    }

    // The text is decoded here, since a declaration may name another encoding than that of the bytes.
    private static string? Decode(ReadOnlyMemory<byte> xml)
    {
        if (FileContent.WideEncoding(xml.Span) is { } wide)
            return wide.GetString(xml.Span).TrimStart('\uFEFF');
        var bytes = FileContent.WithoutMark(xml).Span;
        var declaration = Encoding.Latin1.GetString(bytes[..Math.Min(bytes.Length, DeclarationLength)]);
        var named = DeclaredEncoding().Match(declaration) is { Success: true } match ? match.Groups[1].Value : "utf-8";
        try
        {
            return Named(named).GetString(bytes);
        }
        catch (DecoderFallbackException)
        {
            // Not what it was declared as: in Italy that is the encoding of Windows.
            return CodePages().GetEncoding(1252)?.GetString(bytes);
        }
        // Not known, or not supported any more, as UTF-7.
        catch (Exception exception) when (exception is ArgumentException or NotSupportedException)
        {
            return null;
        }
    }

    private static Encoding Named(string name) => name.ToUpperInvariant() switch
    {
        // Declared, though the bytes are not wide.
        "UTF-8" or "UTF8" or "UTF-16" or "UNICODE" => new UTF8Encoding(false, throwOnInvalidBytes: true),
        "ASCII" or "US-ASCII" => new UTF8Encoding(false, throwOnInvalidBytes: true),
        // As browsers do: what is declared as Latin-1 often has the signs that only Windows has.
        "ISO-8859-1" or "LATIN1" => CodePages().GetEncoding(1252)!,
        _ => CodePages().GetEncoding(name)
            ?? Encoding.GetEncoding(name, EncoderFallback.ExceptionFallback, DecoderFallback.ExceptionFallback),
    };

    // Without it the runtime knows a few encodings only.
    private static EncodingProvider CodePages() => CodePagesEncodingProvider.Instance;

    [GeneratedRegex(@"^\s*<\?xml[^>]*?encoding\s*=\s*[""']([A-Za-z0-9._-]+)[""']")]
    private static partial Regex DeclaredEncoding();

    [GeneratedRegex(@"<!(DOCTYPE|ENTITY)", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex DocumentType();
}
