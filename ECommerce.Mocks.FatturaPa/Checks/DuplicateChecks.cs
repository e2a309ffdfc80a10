using System.Xml.Linq;
using ECommerce.Mocks.FatturaPa.Sdi;

namespace ECommerce.Mocks.FatturaPa.Checks;

/// <summary>
/// Seller, year and number name an invoice. A credit note may have those of an invoice; two documents of the same sort
/// may not (00404), also in one file (00409).
/// </summary>
internal static class DuplicateChecks
{
    public static IEnumerable<SdiError> Find(XElement root, SentFiles sent)
    {
        var seen = new HashSet<string>();
        foreach (var key in Keys(root))
        {
            if (sent.HasInvoice(key))
                yield return new SdiError("00404", "Fattura duplicata");
            if (!seen.Add(key))
                yield return new SdiError("00409", "Fattura duplicata nel lotto");
        }
    }

    public static IEnumerable<string> Keys(XElement? root)
    {
        var number = root.At("FatturaElettronicaHeader/CedentePrestatore/DatiAnagrafici/IdFiscaleIVA");
        var seller = number.Text("IdPaese") + number.Text("IdCodice");
        foreach (var document in root.All("FatturaElettronicaBody/DatiGenerali/DatiGeneraliDocumento"))
        {
            var sort = document.Text("TipoDocumento") == "TD04" ? "credit" : "invoice";
            yield return $"{seller}|{document.Date("Data")?.Year}|{document.Text("Numero")}|{sort}";
        }
    }
}
