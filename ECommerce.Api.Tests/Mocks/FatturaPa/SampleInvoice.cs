using System.Text;

namespace ECommerce.Api.Tests.Mocks.FatturaPa;

/// <summary>An invoice to a private person that the SDI accepts, and changes of its text.</summary>
internal static class SampleInvoice
{
    private const string Xml = """
        <?xml version="1.0" encoding="UTF-8"?>
        <p:FatturaElettronica xmlns:p="http://ivaservizi.agenziaentrate.gov.it/docs/xsd/fatture/v1.2" versione="FPR12">
          <FatturaElettronicaHeader>
            <DatiTrasmissione>
              <IdTrasmittente><IdPaese>IT</IdPaese><IdCodice>01234567897</IdCodice></IdTrasmittente>
              <ProgressivoInvio>00001</ProgressivoInvio>
              <FormatoTrasmissione>FPR12</FormatoTrasmissione>
              <CodiceDestinatario>0000000</CodiceDestinatario>
              <PECDestinatario>laura.bianchi@pec.example.it</PECDestinatario>
            </DatiTrasmissione>
            <CedentePrestatore>
              <DatiAnagrafici>
                <IdFiscaleIVA><IdPaese>IT</IdPaese><IdCodice>01234567897</IdCodice></IdFiscaleIVA>
                <CodiceFiscale>01234567897</CodiceFiscale>
                <Anagrafica><Denominazione>Bottega Demo S.r.l.</Denominazione></Anagrafica>
                <RegimeFiscale>RF01</RegimeFiscale>
              </DatiAnagrafici>
              <Sede>
                <Indirizzo>Via dei Mercanti 12</Indirizzo><CAP>80133</CAP><Comune>Napoli</Comune>
                <Provincia>NA</Provincia><Nazione>IT</Nazione>
              </Sede>
            </CedentePrestatore>
            <CessionarioCommittente>
              <DatiAnagrafici>
                <CodiceFiscale>BNCLRA85T50F839Z</CodiceFiscale>
                <Anagrafica><Nome>Laura</Nome><Cognome>Bianchi</Cognome></Anagrafica>
              </DatiAnagrafici>
              <Sede>
                <Indirizzo>Via Chiaia 200</Indirizzo><CAP>80121</CAP><Comune>Napoli</Comune><Nazione>IT</Nazione>
              </Sede>
            </CessionarioCommittente>
          </FatturaElettronicaHeader>
          <FatturaElettronicaBody>
            <DatiGenerali>
              <DatiGeneraliDocumento>
                <TipoDocumento>TD01</TipoDocumento>
                <Divisa>EUR</Divisa>
                <Data>2026-03-02</Data>
                <Numero>2026/1</Numero>
                <ImportoTotaleDocumento>120.00</ImportoTotaleDocumento>
              </DatiGeneraliDocumento>
            </DatiGenerali>
            <DatiBeniServizi>
              <DettaglioLinee>
                <NumeroLinea>1</NumeroLinea>
                <Descrizione>Lampada LED da tavolo</Descrizione>
                <Quantita>2.00</Quantita>
                <PrezzoUnitario>40.983607</PrezzoUnitario>
                <PrezzoTotale>81.97</PrezzoTotale>
                <AliquotaIVA>22.00</AliquotaIVA>
              </DettaglioLinee>
              <DettaglioLinee>
                <NumeroLinea>2</NumeroLinea>
                <Descrizione>Libro: Guida di Napoli</Descrizione>
                <PrezzoUnitario>19.230769</PrezzoUnitario>
                <PrezzoTotale>19.23</PrezzoTotale>
                <AliquotaIVA>4.00</AliquotaIVA>
              </DettaglioLinee>
              <DatiRiepilogo>
                <AliquotaIVA>22.00</AliquotaIVA>
                <ImponibileImporto>81.97</ImponibileImporto>
                <Imposta>18.03</Imposta>
              </DatiRiepilogo>
              <DatiRiepilogo>
                <AliquotaIVA>4.00</AliquotaIVA>
                <ImponibileImporto>19.23</ImponibileImporto>
                <Imposta>0.77</Imposta>
              </DatiRiepilogo>
            </DatiBeniServizi>
          </FatturaElettronicaBody>
        </p:FatturaElettronica>
        """;

    /// <param name="number">Of the file and of the document.</param>
    /// <param name="changes">Texts of the file, and what stands in their place.</param>
    public static byte[] Create(int number, params (string Old, string New)[] changes)
    {
        var xml = Xml.Replace(">00001<", $">{number:00000}<", StringComparison.Ordinal)
            .Replace("2026/1<", $"2026/{number}<", StringComparison.Ordinal);
        foreach (var (old, changed) in changes)
        {
            Assert.Contains(old, xml, StringComparison.Ordinal);
            xml = xml.Replace(old, changed, StringComparison.Ordinal);
        }
        return Encoding.UTF8.GetBytes(xml);
    }

    public static string Stem(int number) => $"IT01234567897_{number:00000}";

    public static string FileName(int number) => $"{Stem(number)}.xml";
}
