using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Xml.Linq;

namespace ECommerce.Mocks.FatturaPa.Sdi;

/// <summary>A file that the SDI has received.</summary>
internal sealed record SdiFile(string SdiId, string Name, byte[] Content, DateTimeOffset ReceivedAt)
{
    /// <summary>For a public body (FPA12).</summary>
    public bool IsPublic { get; init; }

    public string Recipient { get; init; } = "0000000";
}

/// <summary>Writes notifications as the SDI does.</summary>
internal static class Notifications
{
    private static readonly XNamespace Private =
        "http://ivaservizi.agenziaentrate.gov.it/docs/xsd/fattura/messaggi/v1.0";

    private static readonly XNamespace Public = "http://www.fatturapa.gov.it/sdi/messaggi/v1.0";

    /// <summary>The name of the kind that the pool shows, which is that of the root.</summary>
    public static string Root(string kind, bool isPublic) => kind switch
    {
        "RC" => "RicevutaConsegna",
        "NS" => isPublic ? "NotificaScarto" : "RicevutaScarto",
        "MC" => isPublic ? "NotificaMancataConsegna" : "RicevutaImpossibilitaRecapito",
        "NE" => "NotificaEsito",
        "DT" => "NotificaDecorrenzaTermini",
        "AT" => "AttestazioneTrasmissioneFattura",
        _ => isPublic ? "MetadatiInvioFile" : "FileMetadati",
    };

    public static byte[] Write(
        string kind, SdiFile file, long message, IReadOnlyList<SdiError>? errors = null, string? result = null)
    {
        var space = file.IsPublic ? Public : Private;
        var root = new XElement(
            space + Root(kind, file.IsPublic),
            new XAttribute(XNamespace.Xmlns + "ns3", space),
            new XAttribute("versione", "1.0"),
            new XElement("IdentificativoSdI", file.SdiId),
            new XElement("NomeFile", file.Name));
        if (kind is "RC" or "NS" or "MC" or "AT")
            root.Add(new XElement("Hash", Convert.ToHexStringLower(SHA256.HashData(file.Content))));
        if (kind is "RC" or "NS" or "MC")
            root.Add(new XElement("DataOraRicezione", Time(file.ReceivedAt)));
        root.Add(Details(kind, file, errors, result));
        root.Add(new XElement("MessageId", message.ToString(CultureInfo.InvariantCulture)));
        return Encoding.UTF8.GetBytes("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n" + root);
    }

    private static XElement?[] Details(
        string kind, SdiFile file, IReadOnlyList<SdiError>? errors, string? result)
    {
        return kind switch
        {
            "RC" =>
            [
                new XElement("DataOraConsegna", Time(file.ReceivedAt.AddSeconds(30))),
                new XElement(
                    "Destinatario",
                    new XElement("Codice", file.Recipient),
                    new XElement("Descrizione", "Destinatario della fattura")),
            ],
            "NS" => [new XElement("ListaErrori", (errors ?? []).Take(50).Select(Error))],
            "MC" when !file.IsPublic =>
            [
                new XElement(
                    "DataMessaADisposizione",
                    file.ReceivedAt.UtcDateTime.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)),
                new XElement("Descrizione", "La fattura è a disposizione nell'area riservata del cessionario."),
            ],
            "MC" => [new XElement("Descrizione", "Il destinatario non è raggiungibile.")],
            "NE" =>
            [
                new XElement(
                    "EsitoCommittente",
                    new XElement("IdentificativoSdI", file.SdiId),
                    new XElement("Esito", result)),
            ],
            "DT" => [new XElement("Descrizione", "Sono trascorsi 15 giorni dalla consegna.")],
            "MT" =>
            [
                new XElement("CodiceDestinatario", file.Recipient),
                new XElement("Formato", file.IsPublic ? "FPA12" : "FPR12"),
            ],
            _ => [],
        };
    }

    private static XElement Error(SdiError error) => new(
        "Errore",
        new XElement("Codice", error.Code),
        new XElement("Descrizione", error.Description));

    private static string Time(DateTimeOffset time) =>
        time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
}
