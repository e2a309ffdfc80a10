using System.Globalization;
using System.Xml;
using System.Xml.Linq;

namespace ECommerce.Features.Invoices.Channel.Pool;

/// <summary>Reads the ATOM feed in which the storage lists the events.</summary>
internal static class PoolFeed
{
    // The most that the storage lists in one page.
    private const int MaxEntries = 1000;
    private const int MaxText = 256;

    private static readonly XNamespace Meta = "http://schemas.microsoft.com/ado/2007/08/dataservices/metadata";

    /// <summary>The entries, without those that have no row key or no file name: they are of no use.</summary>
    /// <exception cref="FatturaPaException">The body is no feed.</exception>
    public static IReadOnlyList<PoolEntry> Read(string step, byte[] body)
    {
        try
        {
            var root = ProviderXml.Load(body);
            if (root.Name.LocalName == "feed")
                return [.. root.Descendants(Meta + "properties").Take(MaxEntries).Select(Entry).OfType<PoolEntry>()];
        }
        catch (XmlException)
        {
            // As another document.
        }
        throw new FatturaPaException(ProviderFault.Unreadable, $"{step}: the response of the provider is no list.");
    }

    private static PoolEntry? Entry(XElement properties)
    {
        if (Text(properties, "RowKey") is not { } row || Text(properties, "NomeFile") is not { } file)
            return null;
        var direction = string.Equals(Text(properties, "Direzione"), "Acquisto", StringComparison.OrdinalIgnoreCase)
            ? PoolDirection.Purchase
            : PoolDirection.Sale;
        return new PoolEntry(
            row, direction, Text(properties, "Tipo") ?? "", Text(properties, "IdentificativoSdI"), file)
        {
            PartitionKey = Text(properties, "PartitionKey") ?? "",
            Timestamp = DateTimeOffset.TryParse(
                Text(properties, "Timestamp"), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal,
                out var time)
                ? time
                : null,
            Link = Uri.TryCreate(Raw(properties, "URI"), UriKind.Absolute, out var target)
                ? new DownloadLink(target)
                : null,
        };
    }

    // A longer one is no key and no name.
    private static string? Text(XElement properties, string name) =>
        Raw(properties, name) is { Length: > 0 and <= MaxText } text ? text : null;

    private static string? Raw(XElement properties, string name) =>
        properties.Elements().FirstOrDefault(element => element.Name.LocalName == name)?.Value.Trim();
}
