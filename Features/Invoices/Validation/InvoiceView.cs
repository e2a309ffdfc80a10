using System.Globalization;
using System.Xml.Linq;

namespace ECommerce.Features.Invoices.Validation;

/// <summary>One document of a file, as the rules read it: what is missing or no number is null.</summary>
internal sealed record InvoiceView(XElement Root, XElement? Header, XElement Body)
{
    public string? Version => Root.Attribute("versione")?.Value;

    public XElement? Transmission => Child(Header, "DatiTrasmissione");

    public XElement? Seller => Child(Header, "CedentePrestatore");

    public XElement? Buyer => Child(Header, "CessionarioCommittente");

    public XElement? General => Find(Body, "DatiGenerali/DatiGeneraliDocumento");

    public string? Kind => Text(General, "TipoDocumento");

    public IReadOnlyList<XElement> Lines { get; } =
        [.. Children(Child(Body, "DatiBeniServizi"), "DettaglioLinee")];

    public IReadOnlyList<XElement> Summaries { get; } =
        [.. Children(Child(Body, "DatiBeniServizi"), "DatiRiepilogo")];

    /// <summary>DatiCassaPrevidenziale: contributions that are taxed like lines.</summary>
    public IReadOnlyList<XElement> Funds => [.. Children(General, "DatiCassaPrevidenziale")];

    public static IEnumerable<InvoiceView> Of(XElement root)
    {
        var header = Child(root, "FatturaElettronicaHeader");
        return Children(root, "FatturaElettronicaBody").Select(body => new InvoiceView(root, header, body));
    }

    public static IEnumerable<XElement> Children(XElement? parent, string name) =>
        parent?.Elements(name) ?? [];

    public static XElement? Child(XElement? parent, string name) => parent?.Element(name);

    public static XElement? Find(XElement? parent, string path) =>
        path.Split('/').Aggregate(parent, Child);

    public static string? Text(XElement? parent, string path) =>
        Find(parent, path)?.Value is { Length: > 0 } text ? text : null;

    public static decimal? Decimal(XElement? parent, string path)
    {
        const NumberStyles Style = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint;
        return decimal.TryParse(Text(parent, path), Style, CultureInfo.InvariantCulture, out var number)
            ? number
            : null;
    }

    /// <summary>A day; a zone after it is allowed, and no part of it.</summary>
    public static DateOnly? Date(XElement? parent, string path) => DateOnly.TryParseExact(
        Text(parent, path) is { Length: > 10 } text ? text[..10] : Text(parent, path), "yyyy-MM-dd",
        CultureInfo.InvariantCulture, DateTimeStyles.None, out var date)
        ? date
        : null;
}
