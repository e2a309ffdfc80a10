using System.Globalization;
using System.Xml;
using System.Xml.Linq;

namespace ECommerce.Mocks.FatturaPa.Sdi;

/// <summary>Reads the XML of a file by local names.</summary>
internal static class InvoiceXml
{
    public const string Namespace = "http://ivaservizi.agenziaentrate.gov.it/docs/xsd/fatture/v1.2";

    /// <summary>Null: the bytes are no XML, or have a document type.</summary>
    public static XElement? Parse(byte[] content, out string error)
    {
        try
        {
            using var stream = new MemoryStream(content);
            using var reader = XmlReader.Create(
                stream, new XmlReaderSettings { DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null });
            error = "";
            return XElement.Load(reader);
        }
        catch (XmlException failure)
        {
            error = $"{failure.LineNumber}:{failure.LinePosition}";
            return null;
        }
    }

    /// <summary>The element at a path of local names, the first one at each step.</summary>
    public static XElement? At(this XElement? element, string path)
    {
        foreach (var name in path.Split('/'))
            element = element?.Elements().FirstOrDefault(child => child.Name.LocalName == name);
        return element;
    }

    public static IEnumerable<XElement> All(this XElement? element, string path)
    {
        var names = path.Split('/');
        IEnumerable<XElement> found = element is null ? [] : [element];
        foreach (var name in names)
            found = found.SelectMany(parent => parent.Elements().Where(child => child.Name.LocalName == name));
        return found;
    }

    public static string? Text(this XElement? element, string path) => element.At(path)?.Value.Trim();

    public static decimal? Number(this XElement? element, string path) =>
        decimal.TryParse(
            element.Text(path), NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint,
            CultureInfo.InvariantCulture, out var number)
            ? number
            : null;

    public static DateOnly? Date(this XElement? element, string path) =>
        element.Text(path) is { Length: >= 10 } text && DateOnly.TryParseExact(
            text[..10], "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date)
            ? date
            : null;

    /// <summary>The name that the provider gives a file without one: transmitter and progressive.</summary>
    public static string NameOf(byte[] content)
    {
        var transmission = Parse(content, out _).At("FatturaElettronicaHeader/DatiTrasmissione");
        return $"{transmission.Text("IdTrasmittente/IdPaese") ?? "IT"}{transmission.Text("IdTrasmittente/IdCodice")}"
            + $"_{transmission.Text("ProgressivoInvio")}.xml";
    }
}
