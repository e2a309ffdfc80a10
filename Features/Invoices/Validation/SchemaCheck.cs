using System.Xml.Linq;
using ECommerce.Features.Invoices.Xml;

namespace ECommerce.Features.Invoices.Validation;

/// <summary>Elements, their order and their values.</summary>
internal static class SchemaCheck
{
    /// <summary>The SDI reports no more.</summary>
    public const int MaxFaults = 50;

    public static IEnumerable<InvoiceFault> Check(XElement root)
    {
        if (root.Name != InvoiceXmlWriter.Namespace + InvoiceSchema.Root)
            return [Fault(root.Name.LocalName, "is not the root of an invoice of format 1.2")];
        if (root.Attribute("versione")?.Value is not ("FPR12" or "FPA12"))
            return [Fault("versione", "is not FPR12 or FPA12")];
        return Group(root, InvoiceSchema.Root, "");
    }

    private static IEnumerable<InvoiceFault> Group(XElement parent, string group, string path)
    {
        var elements = parent.Elements()
            // A signature may follow the documents.
            .Where(element => path.Length > 0 || element.Name.LocalName != "Signature").ToArray();
        var next = 0;
        foreach (var expected in InvoiceSchema.Group(group))
        {
            var found = 0;
            while (next < elements.Length && elements[next].Name == expected.Name
                && (found == 0 || expected.IsRepeated))
            {
                foreach (var fault in Element(elements[next], expected, $"{path}{expected.Name}"))
                    yield return fault;
                next++;
                found++;
            }
            if (found == 0 && expected.IsRequired)
                yield return Fault(path + expected.Name, "is missing, or not where it belongs");
        }
        if (next < elements.Length)
            yield return Fault(path + elements[next].Name.LocalName, "is not allowed here");
        if (group == "Anagrafica" && !HasName(parent))
            yield return Fault(path.TrimEnd('/'), "needs either Denominazione or Nome and Cognome");
    }

    private static IEnumerable<InvoiceFault> Element(XElement element, SchemaElement expected, string path)
    {
        if (expected.Group is { } group)
            return Group(element, group, path + "/");
        if (element.HasElements)
            return [Fault(path, "has elements instead of a value")];
        return SchemaTypes.IsValid(expected.Type, element.Value)
            ? []
            : [Fault(path, element.Value.Length == 0 ? "is empty" : "has a value of another form")];
    }

    private static bool HasName(XElement name) =>
        name.Element("Denominazione") is null
            ? name.Element("Nome") is not null && name.Element("Cognome") is not null
            : name.Element("Nome") is null && name.Element("Cognome") is null;

    private static InvoiceFault Fault(string path, string what) =>
        new(FaultCodes.Schema, path, $"{path[(path.LastIndexOf('/') + 1)..]} {what}.");
}
