using System.Xml.Linq;
using ECommerce.Mocks.FatturaPa.Sdi;

namespace ECommerce.Mocks.FatturaPa.Checks;

/// <summary>Number, dates, kind and natures of one document.</summary>
internal static class DocumentChecks
{
    private static readonly string[] NotToOneself =
    [
        "TD01", "TD02", "TD03", "TD06", "TD16", "TD17", "TD18", "TD19", "TD20", "TD24", "TD25", "TD28", "TD29",
    ];

    private static readonly string[] NeedsBuyersVat =
        ["TD16", "TD17", "TD18", "TD19", "TD20", "TD22", "TD23", "TD28", "TD29"];

    private static readonly TimeZoneInfo Rome = TimeZoneInfo.FindSystemTimeZoneById("Europe/Rome");

    public static IEnumerable<SdiError> Find(XElement root, XElement body, DateTimeOffset receivedAt)
    {
        var general = body.At("DatiGenerali/DatiGeneraliDocumento");
        var kind = general.Text("TipoDocumento");
        var date = general.Date("Data");
        var today = DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(receivedAt, Rome).DateTime);
        if (general.Text("Numero")?.Any(char.IsAsciiDigit) != true)
            yield return new("00425", "Numero senza cifre");
        if (date > today)
            yield return new("00403", "Data successiva alla data di ricezione");
        if (body.All("DatiGenerali/DatiFattureCollegate").Any(linked => linked.Date("Data") > date))
            yield return new("00418", "Data anteriore a quella della fattura collegata");
        foreach (var error in Natures(body, kind))
            yield return error;
        if (general.All("ScontoMaggiorazione").Any(IsEmptyDiscount))
            yield return new("00437", "ScontoMaggiorazione senza Percentuale e Importo");
        if (body.All("DatiBeniServizi/DettaglioLinee/ScontoMaggiorazione").Any(IsEmptyDiscount))
            yield return new("00438", "ScontoMaggiorazione di linea senza Percentuale e Importo");
        foreach (var error in Funds(general, body).Concat(Parties(root, body, kind)))
            yield return error;
    }

    private static IEnumerable<SdiError> Natures(XElement body, string? kind)
    {
        foreach (var line in body.All("DatiBeniServizi/DettaglioLinee"))
        {
            var (rate, nature) = (line.Number("AliquotaIVA"), line.Text("Natura"));
            if (rate == 0 && nature is null)
                yield return new("00400", "Natura assente con aliquota zero");
            if (rate > 0 && nature is not null && kind != "TD16")
                yield return new("00401", "Natura presente con aliquota diversa da zero");
            if (nature is "N2" or "N3" or "N6")
                yield return new("00445", "Natura generica non più ammessa");
        }
        foreach (var rate in body.All("DatiBeniServizi").Elements().Select(static one => one.Number("AliquotaIVA")))
        {
            if (rate is > 0 and < 1)
                yield return new("00424", "AliquotaIVA non indicata in percentuale");
        }
        foreach (var summary in body.All("DatiBeniServizi/DatiRiepilogo"))
        {
            var (rate, nature) = (summary.Number("AliquotaIVA"), summary.Text("Natura"));
            if (rate == 0 && nature is null)
                yield return new("00429", "Natura assente nel riepilogo con imposta zero");
            if (rate > 0 && nature is not null && kind != "TD16")
                yield return new("00430", "Natura presente nel riepilogo con aliquota diversa da zero");
            if (nature is "N2" or "N3" or "N6")
                yield return new("00448", "Natura generica non più ammessa nel riepilogo");
            if (summary.Text("EsigibilitaIVA") == "S" && nature?.StartsWith("N6", StringComparison.Ordinal) == true)
                yield return new("00420", "Scissione dei pagamenti con inversione contabile");
        }
    }

    private static IEnumerable<SdiError> Funds(XElement? general, XElement body)
    {
        var funds = general.All("DatiCassaPrevidenziale").ToArray();
        var hasWithholding = general.At("DatiRitenuta") is not null;
        if (!hasWithholding && body.All("DatiBeniServizi/DettaglioLinee").Any(IsWithheld))
            yield return new("00411", "DatiRitenuta assente");
        if (!hasWithholding && funds.Any(IsWithheld))
            yield return new("00415", "DatiRitenuta assente per la cassa previdenziale");
        foreach (var fund in funds)
        {
            var (rate, nature) = (fund.Number("AliquotaIVA"), fund.Text("Natura"));
            if (rate == 0 && nature is null)
                yield return new("00413", "Natura assente nella cassa previdenziale con aliquota zero");
            if (rate > 0 && nature is not null)
                yield return new("00414", "Natura presente nella cassa previdenziale con aliquota diversa da zero");
        }
    }

    private static IEnumerable<SdiError> Parties(XElement root, XElement body, string? kind)
    {
        var (seller, buyer) = (Vat(root, "CedentePrestatore"), Vat(root, "CessionarioCommittente"));
        var isForeignSeller = seller.Length > 0 && !seller.StartsWith("IT", StringComparison.Ordinal);
        if (seller.Length > 0 && seller == buyer && NotToOneself.Contains(kind))
            yield return new("00471", "Cedente uguale al cessionario");
        if (kind is "TD21" or "TD27" && seller != buyer && !(kind == "TD27" && buyer.Length == 0 && HasSameCode(root)))
            yield return new("00472", "Cedente diverso dal cessionario");
        if (kind is "TD17" or "TD18" or "TD19" or "TD28" && !isForeignSeller || kind == "TD29" && isForeignSeller)
            yield return new("00473", "Nazione del cedente non ammessa per il tipo di documento");
        if (kind == "TD21" && body.All("DatiBeniServizi/DettaglioLinee").Any(line => line.Number("AliquotaIVA") == 0))
            yield return new("00474", "TD21 con aliquota zero");
        if (NeedsBuyersVat.Contains(kind) && buyer.Length == 0)
            yield return new("00475", "Manca la partita IVA del cessionario");
    }

    private static bool IsWithheld(XElement element) => element.Text("Ritenuta") == "SI";

    private static bool HasSameCode(XElement root)
    {
        var codes = root.At("FatturaElettronicaHeader")?.Elements()
            .Where(static party => party.Name.LocalName is "CedentePrestatore" or "CessionarioCommittente")
            .Select(static party => party.Text("DatiAnagrafici/CodiceFiscale")).ToArray();
        return codes is [{ } one, { } other] && one == other;
    }

    private static bool IsEmptyDiscount(XElement discount) =>
        discount.At("Percentuale") is null && discount.At("Importo") is null;

    private static string Vat(XElement root, string party)
    {
        var number = root.At($"FatturaElettronicaHeader/{party}/DatiAnagrafici/IdFiscaleIVA");
        return number.Text("IdPaese") + number.Text("IdCodice");
    }
}
