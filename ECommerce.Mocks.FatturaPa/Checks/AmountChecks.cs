using System.Xml.Linq;
using ECommerce.Mocks.FatturaPa.Sdi;

namespace ECommerce.Mocks.FatturaPa.Checks;

/// <summary>The sums of one document, with the tolerances of the SDI.</summary>
internal static class AmountChecks
{
    private const decimal Cent = 0.01m;

    public static IEnumerable<SdiError> Find(XElement body)
    {
        var lines = body.All("DatiBeniServizi/DettaglioLinee").ToArray();
        var summaries = body.All("DatiBeniServizi/DatiRiepilogo").ToArray();
        var funds = body.All("DatiGenerali/DatiGeneraliDocumento/DatiCassaPrevidenziale").ToArray();
        foreach (var line in lines)
        {
            if (Math.Abs(line.Number("PrezzoTotale").GetValueOrDefault() - Total(line)) > Cent)
                yield return new("00423", $"PrezzoTotale non calcolato secondo le regole: {line.Text("NumeroLinea")}");
        }
        foreach (var summary in summaries)
        {
            var rate = Rate(summary);
            var (taxable, tax) = (summary.Number("ImponibileImporto") ?? 0, summary.Number("Imposta") ?? 0);
            var expected = Math.Round(taxable * rate / 100, 2, MidpointRounding.AwayFromZero);
            if (Math.Abs(tax - expected) > Cent)
                yield return new("00421", "Imposta non calcolata secondo le regole");
        }
        // By rate and Natura, as the specification has it; some tools group by the rate only.
        foreach (var group in summaries.GroupBy(Key))
        {
            var sum = lines.Where(line => Key(line) == group.Key).Sum(static line => line.Number("PrezzoTotale") ?? 0)
                + funds.Where(fund => Key(fund) == group.Key)
                    .Sum(static fund => fund.Number("ImportoContributoCassa") ?? 0)
                + group.Sum(static summary => summary.Number("Arrotondamento") ?? 0);
            if (Math.Abs(group.Sum(static summary => summary.Number("ImponibileImporto") ?? 0) - sum) >= 1)
                yield return new("00422", "ImponibileImporto non calcolato secondo le regole");
        }
        var (used, listed) = (lines.Concat(funds).Select(Rate).ToHashSet(), summaries.Select(Rate).ToHashSet());
        if (!used.IsSubsetOf(listed))
            yield return new("00419", "DatiRiepilogo assente per una aliquota");
        if (!listed.SetEquals(used))
            yield return new("00443", "Aliquote del riepilogo non coerenti con le linee");
        if (!lines.Concat(funds).Select(Nature).ToHashSet().SetEquals(summaries.Select(Nature)))
            yield return new("00444", "Natura del riepilogo non coerente con le linee");
    }

    // Unit price after its discounts, one after another, by the quantity.
    private static decimal Total(XElement line)
    {
        var price = line.Number("PrezzoUnitario") ?? 0;
        foreach (var discount in line.All("ScontoMaggiorazione"))
        {
            var part = discount.Number("Importo") ?? price * (discount.Number("Percentuale") ?? 0) / 100;
            price += discount.Text("Tipo") == "SC" ? -part : part;
        }
        return price * (line.Number("Quantita") ?? 1);
    }

    private static decimal Rate(XElement element) => element.Number("AliquotaIVA") ?? 0;

    private static (decimal Rate, string Nature) Key(XElement element) => (Rate(element), Nature(element));

    private static string Nature(XElement element) => element.Text("Natura") ?? "";
}
