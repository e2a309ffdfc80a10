using System.Globalization;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using ECommerce.Mocks.FatturaPa.Sdi;

namespace ECommerce.Mocks.FatturaPa.Checks;

/// <summary>
/// The form of a file (00200): which elements there are, in which order and how often, and the form of the values that
/// programs get wrong.
/// </summary>
internal static partial class StructureChecks
{
    // Two to eight decimals; the second one only two.
    private const string Decimals = @"^-?\d{1,11}\.\d{2,8}\z";
    private const string Money = @"^-?\d{1,11}\.\d{2}\z";

    private static readonly Dictionary<string, Regex> Forms = new Dictionary<string, string>
    {
        ["IdPaese"] = @"^[A-Z]{2}\z",
        ["IdCodice"] = @"^.{1,28}\z",
        ["ProgressivoInvio"] = @"^[ -~]{1,10}\z",
        ["FormatoTrasmissione"] = @"^FP[AR]12\z",
        ["CodiceDestinatario"] = @"^[A-Z0-9]{6,7}\z",
        ["CodiceFiscale"] = @"^[A-Z0-9]{11,16}\z",
        ["RegimeFiscale"] = @"^RF(01|02|04|05|06|07|08|09|1\d|20)\z",
        ["CAP"] = @"^\d{5}\z",
        ["Provincia"] = @"^[A-Z]{2}\z",
        ["Nazione"] = @"^[A-Z]{2}\z",
        ["Denominazione"] = Latin(80),
        ["Nome"] = Latin(60),
        ["Cognome"] = Latin(60),
        ["Indirizzo"] = Latin(60),
        ["Comune"] = Latin(60),
        ["Causale"] = Latin(200),
        ["Descrizione"] = Latin(1000),
        ["TipoDocumento"] = @"^TD(0[1-6]|1[6-9]|2\d)\z",
        ["Divisa"] = @"^[A-Z]{3}\z",
        ["Numero"] = @"^[ -~]{1,20}\z",
        ["ImportoTotaleDocumento"] = Money,
        ["ImponibileImporto"] = Money,
        ["Imposta"] = Money,
        ["ImportoPagamento"] = Money,
        ["ImportoBollo"] = Money,
        ["PrezzoUnitario"] = Decimals,
        ["PrezzoTotale"] = Decimals,
        ["Quantita"] = @"^\d{1,12}\.\d{2,8}\z",
        ["AliquotaIVA"] = @"^(\d{1,2}\.\d{2}|100\.00)\z",
        ["Percentuale"] = @"^\d{1,3}\.\d{2}\z",
        ["NumeroLinea"] = @"^[1-9]\d{0,3}\z",
        ["UnitaMisura"] = @"^[ -~]{1,10}\z",
        ["Natura"] = @"^(N1|N2(\.[12])?|N3(\.[1-6])?|N4|N5|N6(\.[1-9])?|N7)\z",
        ["EsigibilitaIVA"] = @"^[IDS]\z",
        ["CondizioniPagamento"] = @"^TP0[123]\z",
        ["ModalitaPagamento"] = @"^MP(0[1-9]|1\d|2[0-3])\z",
        ["IBAN"] = @"^[a-zA-Z]{2}\d{2}[a-zA-Z0-9]{11,30}\z",
        ["BolloVirtuale"] = @"^SI\z",
        ["PECDestinatario"] = @"^\S{1,250}@\S{1,250}\z",
    }.ToDictionary(
        static pair => pair.Key,
        static pair => new Regex(pair.Value, RegexOptions.CultureInvariant, TimeSpan.FromSeconds(1)));

    public static IEnumerable<SdiError> Find(XElement root)
    {
        if (root.Name.LocalName != "FatturaElettronica" || root.Name.NamespaceName != InvoiceXml.Namespace)
            return [Error($"la radice {root.Name.LocalName} non è quella dello schema")];
        if (root.Attribute("versione") is null)
            return [Error("manca l'attributo versione")];
        return Walk(root);
    }

    private static IEnumerable<SdiError> Walk(XElement parent)
    {
        var rules = ElementRules.Of(parent);
        var children = parent.Elements().Where(static child => child.Name.LocalName != "Signature").ToArray();
        if (rules is null)
        {
            if (children.Length > 0)
                yield return Error($"{parent.Name.LocalName} non ammette {children[0].Name.LocalName}");
            else if (Value(parent) is { } wrong)
                yield return wrong;
            yield break;
        }

        var at = 0;
        foreach (var rule in rules)
        {
            var count = 0;
            for (; at < children.Length && IsElement(children[at], rule.Name); at++)
                count++;
            if (count < rule.Min || count > rule.Max)
                yield return Error($"{parent.Name.LocalName}: {rule.Name} compare {count} volte");
        }
        if (at < children.Length)
            yield return Error($"{parent.Name.LocalName}: {children[at].Name.LocalName} non è atteso qui");
        if (parent.Name.LocalName == "Anagrafica" && !HasOneName(children))
            yield return Error("Anagrafica: Denominazione, oppure Nome e Cognome");
        foreach (var error in children.SelectMany(Walk))
            yield return error;
    }

    private static bool IsElement(XElement element, string name) =>
        element.Name.LocalName == name && element.Name.Namespace == XNamespace.None;

    private static bool HasOneName(XElement[] children)
    {
        var names = children.Select(static child => child.Name.LocalName).ToHashSet();
        return names.Contains("Denominazione") ? !names.Contains("Nome") && !names.Contains("Cognome")
            : names.Contains("Nome") && names.Contains("Cognome");
    }

    private static SdiError? Value(XElement leaf)
    {
        var (name, text) = (leaf.Name.LocalName, leaf.Value);
        if (text.Length == 0)
            return Error($"{name} è vuoto");
        if (name.StartsWith("Data", StringComparison.Ordinal) && !name.StartsWith("DataOra", StringComparison.Ordinal)
            && (!Day().IsMatch(text) || leaf.Parent.Date(name) is null))
        {
            return Error($"{name}: '{text}' non è una data");
        }
        return Forms.TryGetValue(name, out var form) && !form.IsMatch(text)
            ? Error($"{name}: valore non ammesso")
            : null;
    }

    private static SdiError Error(string text) => new("00200", $"File non conforme al formato: {text}");

    // Basic Latin and the supplement of Latin-1.
    private static string Latin(int length) =>
        string.Create(CultureInfo.InvariantCulture, $@"^[\u0020-\u007E\u00A0-\u00FF]{{1,{length}}}\z");

    [GeneratedRegex(@"^(19[7-9]\d|2\d{3})-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])(Z|[+-]\d\d:\d\d)?\z")]
    private static partial Regex Day();
}
