using System.Xml.Linq;


namespace ECommerce.Mocks.FatturaPa.Checks;

/// <summary>How often an element may come at its place.</summary>
internal sealed record ElementRule(string Name, int Min, int Max);

/// <summary>The children of each element in their order: ? for optional, * for any number, + for one or more.</summary>
internal static class ElementRules
{
    private const string Text = """
        FatturaElettronica: FatturaElettronicaHeader FatturaElettronicaBody+
        FatturaElettronicaHeader: DatiTrasmissione CedentePrestatore RappresentanteFiscale?
          CessionarioCommittente TerzoIntermediarioOSoggettoEmittente? SoggettoEmittente?
        DatiTrasmissione: IdTrasmittente ProgressivoInvio FormatoTrasmissione CodiceDestinatario
          ContattiTrasmittente? PECDestinatario?
        IdTrasmittente: IdPaese IdCodice
        IdFiscaleIVA: IdPaese IdCodice
        ContattiTrasmittente: Telefono? Email?
        CedentePrestatore: DatiAnagrafici Sede StabileOrganizzazione? IscrizioneREA? Contatti?
          RiferimentoAmministrazione?
        CedentePrestatore/DatiAnagrafici: IdFiscaleIVA CodiceFiscale? Anagrafica AlboProfessionale?
          ProvinciaAlbo? NumeroIscrizioneAlbo? DataIscrizioneAlbo? RegimeFiscale
        RappresentanteFiscale/DatiAnagrafici: IdFiscaleIVA CodiceFiscale? Anagrafica
        DatiAnagrafici: IdFiscaleIVA? CodiceFiscale? Anagrafica
        Anagrafica: Denominazione? Nome? Cognome? Titolo? CodEORI?
        Sede: Indirizzo NumeroCivico? CAP Comune Provincia? Nazione
        StabileOrganizzazione: Indirizzo NumeroCivico? CAP Comune Provincia? Nazione
        IscrizioneREA: Ufficio NumeroREA CapitaleSociale? SocioUnico? StatoLiquidazione
        Contatti: Telefono? Fax? Email?
        CessionarioCommittente: DatiAnagrafici Sede StabileOrganizzazione? RappresentanteFiscale?
        CessionarioCommittente/RappresentanteFiscale: IdFiscaleIVA Denominazione? Nome? Cognome?
        RappresentanteFiscale: DatiAnagrafici
        TerzoIntermediarioOSoggettoEmittente: DatiAnagrafici
        FatturaElettronicaBody: DatiGenerali DatiBeniServizi DatiVeicoli? DatiPagamento* Allegati*
        DatiGenerali: DatiGeneraliDocumento DatiOrdineAcquisto* DatiContratto* DatiConvenzione* DatiRicezione*
          DatiFattureCollegate* DatiSAL* DatiDDT* DatiTrasporto? FatturaPrincipale?
        DatiGeneraliDocumento: TipoDocumento Divisa Data Numero DatiRitenuta* DatiBollo? DatiCassaPrevidenziale*
          ScontoMaggiorazione* ImportoTotaleDocumento? Arrotondamento? Causale* Art73?
        DatiRitenuta: TipoRitenuta ImportoRitenuta AliquotaRitenuta CausalePagamento
        DatiBollo: BolloVirtuale ImportoBollo?
        DatiCassaPrevidenziale: TipoCassa AlCassa ImportoContributoCassa ImponibileCassa? AliquotaIVA Ritenuta?
          Natura? RiferimentoAmministrazione?
        ScontoMaggiorazione: Tipo Percentuale? Importo?
        DatiOrdineAcquisto: RiferimentoNumeroLinea* IdDocumento Data? NumItem? CodiceCommessaConvenzione?
          CodiceCUP? CodiceCIG?
        DatiContratto: RiferimentoNumeroLinea* IdDocumento Data? NumItem? CodiceCommessaConvenzione? CodiceCUP?
          CodiceCIG?
        DatiConvenzione: RiferimentoNumeroLinea* IdDocumento Data? NumItem? CodiceCommessaConvenzione?
          CodiceCUP? CodiceCIG?
        DatiRicezione: RiferimentoNumeroLinea* IdDocumento Data? NumItem? CodiceCommessaConvenzione? CodiceCUP?
          CodiceCIG?
        DatiFattureCollegate: RiferimentoNumeroLinea* IdDocumento Data? NumItem? CodiceCommessaConvenzione?
          CodiceCUP? CodiceCIG?
        DatiSAL: RiferimentoFase
        DatiDDT: NumeroDDT DataDDT RiferimentoNumeroLinea*
        DatiTrasporto: DatiAnagraficiVettore? MezzoTrasporto? CausaleTrasporto? NumeroColli? Descrizione?
          UnitaMisuraPeso? PesoLordo? PesoNetto? DataOraRitiro? DataInizioTrasporto? TipoResa? IndirizzoResa?
          DataOraConsegna?
        DatiAnagraficiVettore: IdFiscaleIVA CodiceFiscale? Anagrafica NumeroLicenzaGuida?
        IndirizzoResa: Indirizzo NumeroCivico? CAP Comune Provincia? Nazione
        FatturaPrincipale: NumeroFatturaPrincipale DataFatturaPrincipale
        DatiBeniServizi: DettaglioLinee+ DatiRiepilogo+
        DettaglioLinee: NumeroLinea TipoCessionePrestazione? CodiceArticolo* Descrizione Quantita? UnitaMisura?
          DataInizioPeriodo? DataFinePeriodo? PrezzoUnitario ScontoMaggiorazione* PrezzoTotale AliquotaIVA
          Ritenuta? Natura? RiferimentoAmministrazione? AltriDatiGestionali*
        CodiceArticolo: CodiceTipo CodiceValore
        AltriDatiGestionali: TipoDato RiferimentoTesto? RiferimentoNumero? RiferimentoData?
        DatiRiepilogo: AliquotaIVA Natura? SpeseAccessorie? Arrotondamento? ImponibileImporto Imposta
          EsigibilitaIVA? RiferimentoNormativo?
        DatiVeicoli: Data TotalePercorso
        DatiPagamento: CondizioniPagamento DettaglioPagamento+
        DettaglioPagamento: Beneficiario? ModalitaPagamento DataRiferimentoTerminiPagamento?
          GiorniTerminiPagamento? DataScadenzaPagamento? ImportoPagamento CodUfficioPostale? CognomeQuietanzante?
          NomeQuietanzante? CFQuietanzante? TitoloQuietanzante? IstitutoFinanziario? IBAN? ABI? CAB? BIC?
          ScontoPagamentoAnticipato? DataLimitePagamentoAnticipato? PenalitaPagamentiRitardati?
          DataDecorrenzaPenale? CodicePagamento?
        Allegati: NomeAttachment AlgoritmoCompressione? FormatoAttachment? DescrizioneAttachment? Attachment
        """;

    // A line that begins with blanks continues the one before it.
    private static readonly Dictionary<string, ElementRule[]> All = Text.Replace("\n  ", " ", StringComparison.Ordinal)
        .Split('\n', StringSplitOptions.RemoveEmptyEntries)
        .Select(static line => line.Split(": ", 2))
        .ToDictionary(
            static parts => parts[0].Trim(),
            static parts => parts[1].Trim().Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(Rule).ToArray());

    /// <summary>Null: the element has a value and no children.</summary>
    public static ElementRule[]? Of(XElement element) =>
        All.GetValueOrDefault($"{element.Parent?.Name.LocalName}/{element.Name.LocalName}")
            ?? All.GetValueOrDefault(element.Name.LocalName);

    private static ElementRule Rule(string text) => text[^1] switch
    {
        '?' => new(text[..^1], 0, 1),
        '*' => new(text[..^1], 0, int.MaxValue),
        '+' => new(text[..^1], 1, int.MaxValue),
        _ => new(text, 1, 1),
    };
}
