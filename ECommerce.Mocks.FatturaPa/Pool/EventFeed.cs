using System.Globalization;
using System.Xml.Linq;

namespace ECommerce.Mocks.FatturaPa.Pool;

/// <summary>A page of a pool as Azure's tables write it: an ATOM feed.</summary>
internal static class EventFeed
{
    private static readonly XNamespace Atom = "http://www.w3.org/2005/Atom";
    private static readonly XNamespace Data = "http://schemas.microsoft.com/ado/2007/08/dataservices";
    private static readonly XNamespace Meta = "http://schemas.microsoft.com/ado/2007/08/dataservices/metadata";

    public static string Write(string address, IEnumerable<PoolEntry> entries, Func<PoolEntry, Uri> link)
    {
        var feed = new XElement(
            Atom + "feed",
            new XAttribute("xmlns", Atom),
            new XAttribute(XNamespace.Xmlns + "d", Data),
            new XAttribute(XNamespace.Xmlns + "m", Meta),
            new XElement(Atom + "id", address),
            new XElement(Atom + "title", new XAttribute("type", "text"), "events"),
            entries.Select(entry => Entry(address, entry, link(entry))));
        return "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n" + feed.ToString(SaveOptions.DisableFormatting);
    }

    private static XElement Entry(string address, PoolEntry entry, Uri link)
    {
        var time = entry.Timestamp.UtcDateTime.ToString(
            "yyyy-MM-dd'T'HH:mm:ss.fffffff'Z'", CultureInfo.InvariantCulture);
        return new XElement(
            Atom + "entry",
            new XAttribute(Meta + "etag", $"W/\"datetime'{Uri.EscapeDataString(time)}'\""),
            new XElement(
                Atom + "id", $"{address}(PartitionKey='{entry.PartitionKey}',RowKey='{entry.RowKey}')"),
            new XElement(Atom + "updated", time),
            new XElement(
                Atom + "content",
                new XAttribute("type", "application/xml"),
                new XElement(
                    Meta + "properties",
                    new XElement(Data + "PartitionKey", entry.PartitionKey),
                    new XElement(Data + "RowKey", entry.RowKey),
                    new XElement(Data + "Timestamp", new XAttribute(Meta + "type", "Edm.DateTime"), time),
                    new XElement(Data + "Direzione", entry.Direction),
                    new XElement(Data + "Tipo", entry.Kind),
                    new XElement(Data + "IdentificativoSdI", entry.SdiId),
                    new XElement(Data + "NomeFile", entry.FileName),
                    new XElement(Data + "URI", link.AbsoluteUri))));
    }
}
