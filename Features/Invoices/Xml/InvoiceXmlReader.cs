using System.Globalization;
using System.Xml.Linq;
using ECommerce.Features.Invoices.Documents;

namespace ECommerce.Features.Invoices.Xml;

/// <summary>
/// Reads the documents of a file: one for each body. Elements are found by their local name, since senders use any
/// prefix, or put their elements into the namespace of the root.
/// </summary>
internal static class InvoiceXmlReader
{
    /// <exception cref="FormatException">An element that is needed is missing, or has no readable value.</exception>
    public static IReadOnlyList<InvoiceDocument> Read(XDocument file)
    {
        var root = file.Root;
        if (root is null || root.Name.LocalName is not ("FatturaElettronica" or "FatturaElettronicaSemplificata"))
            throw new FormatException("The root is no FatturaElettronica.");
        if (root.Name.LocalName == "FatturaElettronicaSemplificata")
            throw new FormatException("Simplified invoices are not read.");
        var header = Needed(root, "FatturaElettronicaHeader");
        var bodies = Children(root, "FatturaElettronicaBody").ToArray();
        if (bodies.Length == 0)
            throw new FormatException("FatturaElettronicaBody is missing.");
        var transmission = Transmission(Needed(header, "DatiTrasmissione"));
        var seller = PartyXml.Seller(Needed(header, "CedentePrestatore"));
        var buyer = PartyXml.Buyer(Needed(header, "CessionarioCommittente"));
        return [.. bodies.Select(body => Document(body, transmission, seller, buyer))];
    }

    private static Transmission Transmission(XElement data)
    {
        var sender = PartyXml.Number(Child(data, "IdTrasmittente"))
            ?? throw new FormatException("IdTrasmittente is missing.");
        return new Transmission(
            sender, Text(data, "ProgressivoInvio") ?? "", Text(data, "CodiceDestinatario") ?? "")
        {
            Format = Text(data, "FormatoTrasmissione") ?? "",
            Pec = Text(data, "PECDestinatario"),
        };
    }

    private static InvoiceDocument Document(
        XElement body, Transmission transmission, SellerParty seller, BuyerParty buyer)
    {
        var goods = Needed(body, "DatiBeniServizi");
        return new InvoiceDocument(
            transmission, seller, buyer, General(Needed(body, "DatiGenerali")),
            [.. Children(goods, "DettaglioLinee").Select(LineXml.Line)],
            [.. Children(goods, "DatiRiepilogo").Select(LineXml.Summary)])
        {
            Payments = [.. Children(body, "DatiPagamento").Select(LineXml.Payment)],
        };
    }

    private static DocumentData General(XElement general)
    {
        var data = Needed(general, "DatiGeneraliDocumento");
        return new DocumentData(
            NeededText(data, "TipoDocumento"), Text(data, "Divisa") ?? "", NeededDate(data, "Data"),
            NeededText(data, "Numero"))
        {
            StampDuty = Child(data, "DatiBollo") is { } stamp ? Decimal(stamp, "ImportoBollo") ?? 2m : null,
            Total = Decimal(data, "ImportoTotaleDocumento"),
            Rounding = Decimal(data, "Arrotondamento"),
            Reasons = [.. Children(data, "Causale").Select(static reason => reason.Value.Trim())],
            Orders = [.. Children(general, "DatiOrdineAcquisto").Select(Reference)],
            Invoices = [.. Children(general, "DatiFattureCollegate").Select(Reference)],
        };
    }

    private static DocumentReference Reference(XElement element) =>
        new(Text(element, "IdDocumento") ?? "", Date(element, "Data"));

    internal static IEnumerable<XElement> Children(XElement parent, string name) =>
        parent.Elements().Where(element => element.Name.LocalName == name);

    internal static XElement? Child(XElement? parent, string name) =>
        parent is null ? null : Children(parent, name).FirstOrDefault();

    internal static XElement Needed(XElement parent, string name) =>
        Child(parent, name) ?? throw new FormatException($"{name} is missing.");

    /// <summary>The value of an element; null where it is missing or empty.</summary>
    internal static string? Text(XElement? parent, string name) =>
        Child(parent, name)?.Value.Trim() is { Length: > 0 } text ? text : null;

    internal static string NeededText(XElement parent, string name) =>
        Text(parent, name) ?? throw new FormatException($"{name} is missing.");

    internal static decimal? Decimal(XElement parent, string name)
    {
        if (Text(parent, name) is not { } text)
            return null;
        const NumberStyles Style = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint;
        return decimal.TryParse(text, Style, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw new FormatException($"{name} is no number: {Shown(text)}.");
    }

    /// <summary>A day. Some senders add a zone, which is no part of it.</summary>
    internal static DateOnly? Date(XElement parent, string name)
    {
        if (Text(parent, name) is not { } text)
            return null;
        return DateOnly.TryParseExact(
            text.Length > 10 ? text[..10] : text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None,
            out var date)
            ? date
            : throw new FormatException($"{name} is no date: {Shown(text)}.");
    }

    internal static DateOnly NeededDate(XElement parent, string name) =>
        Date(parent, name) ?? throw new FormatException($"{name} is missing.");

    private static string Shown(string text) => text.Length > 40 ? text[..40] : text;
}
