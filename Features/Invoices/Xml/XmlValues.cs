using System.Globalization;
using System.Xml.Linq;

namespace ECommerce.Features.Invoices.Xml;

/// <summary>Elements with a value; null where there is none, so that nothing is written.</summary>
internal static class XmlValues
{
    public static XElement? Text(string name, string? value) =>
        string.IsNullOrEmpty(value) ? null : new XElement(name, value);

    /// <summary>An amount with two decimals.</summary>
    public static XElement? Amount(string name, decimal? value) => Number(name, value, "0.00");

    /// <summary>A price or quantity with two to eight decimals.</summary>
    public static XElement? Exact(string name, decimal? value) => Number(name, value, "0.00######");

    public static XElement? Date(string name, DateOnly? value) =>
        Text(name, value?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));

    /// <summary>An element with elements; null where none of them is given.</summary>
    public static XElement? Group(string name, params ReadOnlySpan<XElement?> elements)
    {
        var group = new XElement(name);
        foreach (var element in elements)
            group.Add(element);
        return group.HasElements ? group : null;
    }

    // A zero with a sign would be written with it.
    private static XElement? Number(string name, decimal? value, string format) => value is not { } number
        ? null
        : new XElement(name, (number == 0 ? 0m : number).ToString(format, CultureInfo.InvariantCulture));
}
