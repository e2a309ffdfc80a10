using System.Text;

namespace ECommerce.Api.Tests.FatturaPa;

/// <summary>Files of the SDI, and invoices of suppliers.</summary>
internal static class SdiFiles
{
    private const string Namespace = "http://ivaservizi.agenziaentrate.gov.it/docs/xsd/fattura/messaggi/v1.0";

    public static string Notification(string root, string fileName, string sdiId, params string[] codes) =>
        Notification(root, fileName, sdiId, hash: null, codes);

    /// <summary>With the hash of the file that it is about.</summary>
    public static string NotificationOf(string root, string fileName, string sdiId, byte[] file) =>
        Notification(
            root, fileName, sdiId, Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(file)), []);

    private static string Notification(
        string root, string fileName, string sdiId, string? hash, string[] codes) => $"""
        <?xml version="1.0" encoding="UTF-8"?>
        <n:{root} xmlns:n="{Namespace}" versione="1.0">
          <IdentificativoSdI>{sdiId}</IdentificativoSdI>
          <NomeFile>{fileName}</NomeFile>
          {(hash is null ? "" : $"<Hash>{hash}</Hash>")}
          <DataOraRicezione>2026-11-30T10:00:00.000+01:00</DataOraRicezione>
          {(codes.Length == 0 ? "" : $"<ListaErrori>{string.Concat(codes.Select(Error))}</ListaErrori>")}
        </n:{root}>
        """;

    /// <summary>The invoice of a supplier with a number of its own.</summary>
    public static byte[] Purchase(string number) => Encoding.UTF8.GetBytes(
        Invoices.Receiving.ReceivedVariants.Text.Replace("FV/2026-77", number, StringComparison.Ordinal));

    private static string Error(string code) =>
        $"<Errore><Codice>{code}</Codice><Descrizione>Scarto {code}</Descrizione></Errore>";
}
