using System.Xml.Linq;
using ECommerce.Features.Invoices.Documents;

namespace ECommerce.Features.Invoices.Validation;

/// <summary>Checks a file as the SDI does before it is sent, and what the SDI does not see.</summary>
internal static class InvoiceValidator
{
    /// <summary>The size that a file may have on every channel.</summary>
    public const int MaxBytes = 5_000_000;

    private static readonly Func<InvoiceView, SendingRules, IEnumerable<InvoiceFault>>[] Rules =
    [
        AddressingRules.Check, PartyRules.Check, GeneralRules.Check, LineRules.Check, SummaryRules.Check,
        OwnRules.Check,
    ];

    /// <summary>The faults of a file; none: it can be sent.</summary>
    public static IReadOnlyList<InvoiceFault> Validate(byte[] xml, SendingRules rules)
    {
        var faults = new List<InvoiceFault>();
        if (rules.FileName is { } name && !InvoiceFileName.IsValid(name))
            faults.Add(new InvoiceFault(FaultCodes.FileName, "NomeFile", $"{name} is no valid name of a file."));
        if (xml.Length > MaxBytes)
        {
            faults.Add(new InvoiceFault(FaultCodes.FileSize, "File", $"The file has {xml.Length} bytes."));
            return faults;
        }
        faults.AddRange(FileForm.Check(xml, out var document));
        if (document?.Root is { } root)
            faults.AddRange(Check(root, rules));
        return faults;
    }

    private static IEnumerable<InvoiceFault> Check(XElement root, SendingRules rules)
    {
        foreach (var fault in SchemaCheck.Check(root).Take(SchemaCheck.MaxFaults))
            yield return fault;
        // What is wrong by the schema does not keep the rest from being checked: a merchant corrects it all at once.
        foreach (var view in InvoiceView.Of(root))
        {
            foreach (var rule in Rules)
            {
                foreach (var fault in rule(view, rules))
                    yield return fault;
            }
        }
    }
}
