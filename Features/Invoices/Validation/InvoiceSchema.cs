using System.Collections.Frozen;

namespace ECommerce.Features.Invoices.Validation;

/// <summary>
/// The elements of FPR12 and FPA12 in their order: <c>Name?:type</c>, with ? for optional, * for any number, + for one
/// or more; no type is a group of the same name, @ another group. The types are those of <see cref="SchemaTypes"/>.
/// </summary>
internal static class InvoiceSchema
{
    public const string Root = "FatturaElettronica";

    private const string Text = """
        FatturaElettronica = FatturaElettronicaHeader FatturaElettronicaBody+
        FatturaElettronicaHeader = DatiTrasmissione CedentePrestatore RappresentanteFiscale?
          CessionarioCommittente TerzoIntermediarioOSoggettoEmittente?:@Terzo SoggettoEmittente?:=CC,TZ
        DatiTrasmissione = IdTrasmittente:@Id ProgressivoInvio:b10 FormatoTrasmissione:=FPA12,FPR12
          CodiceDestinatario:recipient ContattiTrasmittente? PECDestinatario?:email
        ContattiTrasmittente = Telefono?:phone Email?:email
        Id = IdPaese:country IdCodice:b28
        CedentePrestatore = DatiAnagrafici:@Cedente Sede StabileOrganizzazione?:@Sede IscrizioneREA? Contatti?
          RiferimentoAmministrazione?:b20
        Cedente = IdFiscaleIVA:@Id CodiceFiscale?:taxcode Anagrafica AlboProfessionale?:l60 ProvinciaAlbo?:country
          NumeroIscrizioneAlbo?:b60 DataIscrizioneAlbo?:date RegimeFiscale:regime
        Anagrafica = Denominazione?:l80 Nome?:l60 Cognome?:l60 Titolo?:title CodEORI?:eori
        Sede = Indirizzo:l60 NumeroCivico?:b8 CAP:postcode Comune:l60 Provincia?:country Nazione:country
        IscrizioneREA = Ufficio:country NumeroREA:b20 CapitaleSociale?:amount2 SocioUnico?:=SU,SM
          StatoLiquidazione:=LS,LN
        Contatti = Telefono?:phone Fax?:phone Email?:email
        RappresentanteFiscale = DatiAnagrafici:@Rappresentante
        Rappresentante = IdFiscaleIVA:@Id CodiceFiscale?:taxcode Anagrafica
        CessionarioCommittente = DatiAnagrafici:@Soggetto Sede StabileOrganizzazione?:@Sede
          RappresentanteFiscale?:@RappresentanteCessionario
        Soggetto = IdFiscaleIVA?:@Id CodiceFiscale?:taxcode Anagrafica
        RappresentanteCessionario = IdFiscaleIVA:@Id Denominazione?:l80 Nome?:l60 Cognome?:l60
        Terzo = DatiAnagrafici:@Soggetto
        FatturaElettronicaBody = DatiGenerali DatiBeniServizi DatiVeicoli? DatiPagamento* Allegati*
        DatiGenerali = DatiGeneraliDocumento DatiOrdineAcquisto*:@Documento DatiContratto*:@Documento
          DatiConvenzione*:@Documento DatiRicezione*:@Documento DatiFattureCollegate*:@Documento DatiSAL*
          DatiDDT* DatiTrasporto? FatturaPrincipale?
        DatiGeneraliDocumento = TipoDocumento:kind Divisa:currency Data:invoicedate Numero:b20 DatiRitenuta*
          DatiBollo? DatiCassaPrevidenziale* ScontoMaggiorazione* ImportoTotaleDocumento?:amount2
          Arrotondamento?:amount2 Causale*:l200 Art73?:=SI
        DatiRitenuta = TipoRitenuta:ritenuta ImportoRitenuta:amount2 AliquotaRitenuta:rate CausalePagamento:b2
        DatiBollo = BolloVirtuale:=SI ImportoBollo?:amount2
        DatiCassaPrevidenziale = TipoCassa:cassa AlCassa:rate ImportoContributoCassa:amount2
          ImponibileCassa?:amount2 AliquotaIVA:rate Ritenuta?:=SI Natura?:nature RiferimentoAmministrazione?:b20
        ScontoMaggiorazione = Tipo:=SC,MG Percentuale?:rate Importo?:amount8
        Documento = RiferimentoNumeroLinea*:line IdDocumento:b20 Data?:date NumItem?:b20
          CodiceCommessaConvenzione?:l100 CodiceCUP?:b15 CodiceCIG?:b15
        DatiSAL = RiferimentoFase:phase
        DatiDDT = NumeroDDT:b20 DataDDT:date RiferimentoNumeroLinea*:line
        DatiTrasporto = DatiAnagraficiVettore?:@Vettore MezzoTrasporto?:l80 CausaleTrasporto?:l100 NumeroColli?:line
          Descrizione?:l100 UnitaMisuraPeso?:b10 PesoLordo?:weight PesoNetto?:weight DataOraRitiro?:datetime
          DataInizioTrasporto?:date TipoResa?:currency IndirizzoResa?:@Sede DataOraConsegna?:datetime
        Vettore = IdFiscaleIVA:@Id CodiceFiscale?:taxcode Anagrafica NumeroLicenzaGuida?:b20
        FatturaPrincipale = NumeroFatturaPrincipale:b20 DataFatturaPrincipale:date
        DatiBeniServizi = DettaglioLinee+ DatiRiepilogo+
        DettaglioLinee = NumeroLinea:line TipoCessionePrestazione?:=SC,PR,AB,AC CodiceArticolo* Descrizione:l1000
          Quantita?:quantity UnitaMisura?:b10 DataInizioPeriodo?:date DataFinePeriodo?:date PrezzoUnitario:amount8
          ScontoMaggiorazione* PrezzoTotale:amount8 AliquotaIVA:rate Ritenuta?:=SI Natura?:nature
          RiferimentoAmministrazione?:b20 AltriDatiGestionali*
        CodiceArticolo = CodiceTipo:b35 CodiceValore:l35
        AltriDatiGestionali = TipoDato:b10 RiferimentoTesto?:l60 RiferimentoNumero?:amount8 RiferimentoData?:date
        DatiRiepilogo = AliquotaIVA:rate Natura?:nature SpeseAccessorie?:amount2 Arrotondamento?:amount8
          ImponibileImporto:amount2 Imposta:amount2 EsigibilitaIVA?:=I,D,S RiferimentoNormativo?:l100
        DatiVeicoli = Data:date TotalePercorso:b15
        DatiPagamento = CondizioniPagamento:=TP01,TP02,TP03 DettaglioPagamento+
        DettaglioPagamento = Beneficiario?:l200 ModalitaPagamento:payment DataRiferimentoTerminiPagamento?:date
          GiorniTerminiPagamento?:days DataScadenzaPagamento?:date ImportoPagamento:amount2 CodUfficioPostale?:b20
          CognomeQuietanzante?:l60 NomeQuietanzante?:l60 CFQuietanzante?:personcode TitoloQuietanzante?:title
          IstitutoFinanziario?:l80 IBAN?:iban ABI?:postcode CAB?:postcode BIC?:bic
          ScontoPagamentoAnticipato?:amount2 DataLimitePagamentoAnticipato?:date PenalitaPagamentiRitardati?:amount2
          DataDecorrenzaPenale?:date CodicePagamento?:b60
        Allegati = NomeAttachment:l60 AlgoritmoCompressione?:b10 FormatoAttachment?:b10 DescrizioneAttachment?:l100
          Attachment:base64
        """;

    private static readonly FrozenDictionary<string, SchemaElement[]> Groups = Parse();

    /// <summary>The elements of a group, in their order.</summary>
    public static IReadOnlyList<SchemaElement> Group(string name) => Groups[name];

    private static FrozenDictionary<string, SchemaElement[]> Parse()
    {
        // A line that starts with a blank goes on with the group before it.
        var text = Text.ReplaceLineEndings("\n").Replace("\n ", " ", StringComparison.Ordinal);
        return text.Split('\n').Select(static line => line.Split(" = ", 2)).ToFrozenDictionary(
            static parts => parts[0],
            static parts => parts[1].Split(' ', StringSplitOptions.RemoveEmptyEntries)
                .Select(SchemaElement.Parse).ToArray());
    }
}

/// <summary>An element of a group.</summary>
/// <param name="Group">The group that it is; null: it has a value.</param>
/// <param name="Type">The type of its value.</param>
/// <param name="Name">As the customer sees it.</param>
/// <param name="IsRequired">At least one.</param>
/// <param name="IsRepeated">More than one may follow.</param>
internal sealed record SchemaElement(string Name, bool IsRequired, bool IsRepeated, string? Group, string Type)
{
    public static SchemaElement Parse(string text)
    {
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        var (name, type) = colon < 0 ? (text, "") : (text[..colon], text[(colon + 1)..]);
        var sign = name[^1] is '?' or '*' or '+' ? name[^1] : ' ';
        name = name.TrimEnd('?', '*', '+');
        var group = type.Length == 0 ? name : type[0] == '@' ? type[1..] : null;
        return new SchemaElement(name, sign is ' ' or '+', sign is '*' or '+', group, type);
    }
}
