using System.Xml.Linq;

namespace ECommerce.Api.Tests.Invoices.Validation;

internal static class XElementExtensions
{
    public static XElement At(this XElement parent, string path) =>
        path.Split('/').Aggregate(parent, static (found, name) => found.Element(name)!);

    /// <summary>The same element, with another value of one below it.</summary>
    public static XElement With(this XElement parent, string path, string value)
    {
        parent.At(path).Value = value;
        return parent;
    }
}
