using System.Text;
using System.Xml;
using System.Xml.Linq;
using ECommerce.Features.Invoices.Receiving;

namespace ECommerce.Features.Invoices.Channel;

/// <summary>XML of the provider and its storage: without a DTD, and within the limits of XML of others.</summary>
internal static class ProviderXml
{
    private static readonly XmlReaderSettings Settings = new()
    {
        DtdProcessing = DtdProcessing.Prohibit,
        XmlResolver = null,
    };

    /// <exception cref="XmlException">It is not well-formed, or exceeds a limit.</exception>
    public static XElement Load(byte[] body)
    {
        using var stream = new StreamReader(new MemoryStream(body), Encoding.UTF8);
        var text = stream.ReadToEnd();
        if (XmlLimits.Exceeded(text, Settings) is { } exceeded)
            throw new XmlException(exceeded);
        using var reader = XmlReader.Create(new StringReader(text), Settings);
        return XElement.Load(reader);
    }
}
