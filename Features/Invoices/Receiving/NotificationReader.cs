using System.Globalization;
using System.Xml.Linq;
using ECommerce.Features.Invoices.Lifecycle;
using ECommerce.Features.Invoices.Xml;

namespace ECommerce.Features.Invoices.Receiving;

/// <summary>Reads notifications of the SDI, for private parties and public bodies alike.</summary>
internal static class NotificationReader
{
    /// <summary>The notification; null: its kind decides nothing, and the file is only stored.</summary>
    /// <param name="name">Of the notification's file, which tells the kind where the root does not.</param>
    /// <param name="file">The bytes.</param>
    public static FileNotification? Read(ReadOnlyMemory<byte> file, string name)
    {
        try
        {
            return ReadXml(file, name);
        }
        // The bytes are those of others: one that is not understood must not keep the next ones from being read.
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            return null;
        }
    }

    private static FileNotification? ReadXml(ReadOnlyMemory<byte> file, string name)
    {
        if (file.Length > ReceivedFileReader.MaxBytes || ReceivedXml.Load(file, out _, out _) is not { Root: { } root })
            return null;
        if ((Kind(root.Name.LocalName) ?? KindOfName(name)) is not { } kind)
            return null;
        if (InvoiceXmlReader.Text(root, "IdentificativoSdI") is not { } id
            || InvoiceXmlReader.Text(root, "NomeFile") is not { } invoice)
        {
            return null;
        }
        var errors = InvoiceXmlReader.Child(root, "ListaErrori");
        return new FileNotification(kind, invoice, id, Moment(root))
        {
            Codes =
            [
                .. (errors?.Elements() ?? []).Select(static error => InvoiceXmlReader.Text(error, "Codice"))
                    .OfType<string>(),
            ],
        };
    }

    private static NotificationKind? Kind(string root) => root switch
    {
        "RicevutaConsegna" => NotificationKind.Delivery,
        "RicevutaScarto" or "NotificaScarto" => NotificationKind.Rejection,
        "RicevutaImpossibilitaRecapito" or "NotificaMancataConsegna" => NotificationKind.DeliveryFailure,
        _ => null,
    };

    private static NotificationKind? KindOfName(string name) =>
        Documents.InvoiceFileName.Stem(name).Split('_') is [_, _, var kind, ..]
            ? kind switch
            {
                "RC" => NotificationKind.Delivery,
                "NS" => NotificationKind.Rejection,
                "MC" => NotificationKind.DeliveryFailure,
                _ => null,
            }
            : null;

    private static DateTimeOffset Moment(XElement root)
    {
        foreach (var element in (string[])["DataOraConsegna", "DataOraRicezione"])
        {
            if (DateTimeOffset.TryParse(
                InvoiceXmlReader.Text(root, element), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal,
                out var moment))
            {
                return moment;
            }
        }
        return DateTimeOffset.UnixEpoch;
    }
}
