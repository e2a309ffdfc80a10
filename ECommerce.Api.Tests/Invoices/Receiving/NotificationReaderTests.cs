using System.Text;
using ECommerce.Features.Invoices.Lifecycle;
using ECommerce.Features.Invoices.Receiving;

namespace ECommerce.Api.Tests.Invoices.Receiving;

public sealed class NotificationReaderTests
{
    private const string Name = "IT01234567897_00001.xml";

    [Theory]
    [InlineData("RicevutaConsegna", "x.xml", nameof(NotificationKind.Delivery))]
    [InlineData("RicevutaScarto", "x.xml", nameof(NotificationKind.Rejection))]
    [InlineData("NotificaScarto", "x.xml", nameof(NotificationKind.Rejection))]
    [InlineData("RicevutaImpossibilitaRecapito", "x.xml", nameof(NotificationKind.DeliveryFailure))]
    [InlineData("NotificaMancataConsegna", "x.xml", nameof(NotificationKind.DeliveryFailure))]
    [InlineData("Nuova", "IT01234567897_00001_RC_001.xml", nameof(NotificationKind.Delivery))]
    [InlineData("Nuova", "IT01234567897_00001_AT_001.xml", null)]
    public void Root_or_name_tells_the_kind(string root, string name, string? kind) =>
        Assert.Equal(kind, Read(root, name)?.Kind.ToString());

    [Fact]
    public void Rejection_has_its_codes()
    {
        var notification = Read("RicevutaScarto", "IT01234567897_00001_NS_001.xml")!;

        Assert.Equal((Name, "9000000001"), (notification.FileName, notification.SdiId));
        Assert.Equal(["00423", "00404"], notification.Codes);
        Assert.Equal(new DateTimeOffset(2026, 3, 2, 9, 0, 0, TimeSpan.Zero), notification.ReceivedAt);
    }

    [Theory]
    [InlineData("")]
    [InlineData("<html/>")]
    [InlineData("<!DOCTYPE a [<!ENTITY b \"c\">]><RicevutaConsegna/>")]
    [InlineData("<RicevutaConsegna/>")]
    public void Something_else_is_no_notification(string text) =>
        Assert.Null(NotificationReader.Read(Encoding.UTF8.GetBytes(text), "IT01234567897_00001_RC_001.xml"));

    private static FileNotification? Read(string root, string name) => NotificationReader.Read(
        Encoding.UTF8.GetBytes($"""
            <?xml version="1.0" encoding="UTF-8"?>
            <n:{root} xmlns:n="http://ivaservizi.agenziaentrate.gov.it/docs/xsd/fattura/messaggi/v1.0" versione="1.0">
              <IdentificativoSdI>9000000001</IdentificativoSdI>
              <NomeFile>{Name}</NomeFile>
              <DataOraRicezione>2026-03-02T10:00:00.000+01:00</DataOraRicezione>
              <ListaErrori>
                <Errore><Codice>00423</Codice><Descrizione>a</Descrizione></Errore>
                <Errore><Codice>00404</Codice><Descrizione>b</Descrizione></Errore>
              </ListaErrori>
            </n:{root}>
            """), name);
}
