namespace ECommerce.Features.Invoices.Building;

/// <summary>The law behind a nature: RiferimentoNormativo, at most 100 characters.</summary>
internal static class NatureLaws
{
    private const string FlatRate = "Operazione in franchigia da IVA art. 1 cc. 54-89 L. 190/2014";

    public static string? Of(string? nature, string taxRegime) => nature switch
    {
        null => null,
        "N1" => "Escluso ex art. 15 DPR 633/72",
        "N2.1" => "Non soggetto ad IVA artt. da 7 a 7-septies DPR 633/72",
        "N2.2" => taxRegime == "RF19" ? FlatRate : "Non soggetto ad IVA",
        "N3.1" => "Non imponibile art. 8 c. 1 lett. a) DPR 633/72",
        "N3.2" => "Non imponibile art. 41 DL 331/93",
        "N3.3" => "Non imponibile art. 71 DPR 633/72",
        "N3.4" => "Non imponibile art. 8-bis DPR 633/72",
        "N3.5" => "Non imponibile art. 8 c. 1 lett. c) DPR 633/72",
        "N4" => "Esente art. 10 DPR 633/72",
        "N5" => "Regime del margine art. 36 DL 41/95",
        "N7" => "IVA assolta in altro stato UE",
        _ => nature.StartsWith("N6", StringComparison.Ordinal) ? "Inversione contabile art. 17 DPR 633/72" : null,
    };
}
