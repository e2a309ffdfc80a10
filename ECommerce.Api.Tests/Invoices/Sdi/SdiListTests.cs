using System.Text;
using System.Xml.Linq;
using ECommerce.Api.Tests.Invoices.Validation;

namespace ECommerce.Api.Tests.Invoices.Sdi;

/// <summary>What the SDI refuses because of its lists, or of what it has received before.</summary>
public sealed class SdiListTests(SdiMock mock) : IClassFixture<SdiMock>, IAsyncLifetime
{
    private static readonly string[] SellerOnly = ["01234567897"];
    private static readonly string[] BuyerOnly = ["12345678903"];
    private static readonly string[] Laura = ["BNCLRA85T50F839Z"];
    private static readonly string[] Channel = ["M5UXCR1"];

    private static readonly Dictionary<string, (object Lists, Func<MutableInvoice> Make)> Listed = new()
    {
        ["00300"] = (new { UnknownTransmitters = SellerOnly }, Bases.Company),
        ["00301"] = (new { UnknownNumbers = SellerOnly }, () => WithoutTaxCode(Bases.Company())),
        ["00302"] = (new { UnknownNumbers = Laura }, () => Bases.Company().With(i =>
        {
            i.Seller.With("DatiAnagrafici/CodiceFiscale", Laura[0]);
            i.Header.With("DatiTrasmissione/IdTrasmittente/IdCodice", Laura[0]);
        })),
        ["00303"] = (new { UnknownNumbers = BuyerOnly }, () => Represented(BuyerOnly[0], null)),
        ["00304"] = (new { UnknownNumbers = Laura }, () => Represented("01234567897", Laura[0])),
        ["00305"] = (new { UnknownNumbers = BuyerOnly }, Bases.Company),
        ["00306"] = (new { UnknownNumbers = Laura }, Bases.Consumer),
        ["00311"] = (new { UnknownRecipients = Channel }, () => To(Channel[0])),
        ["00312"] = (new { InactiveRecipients = Channel }, () => To(Channel[0])),
        ["00320"] = (new { TaxCodes = Pair(SellerOnly[0], "91234567898") }, Bases.Company),
        ["00324"] = (new { TaxCodes = Pair(BuyerOnly[0], "91234567898") }, () => Coded(Laura[0])),
        ["00325"] = (new { VatGroups = Group(BuyerOnly[0], "91234567898") }, () => Coded(Laura[0])),
        ["00326"] = (new { VatGroups = Group(BuyerOnly[0], "91234567898") }, Bases.Company),
        ["00327"] = (new { VatGroups = Group(BuyerOnly[0], "91234567898") }, () => Bases.Consumer().With(i =>
            i.Buyer.With("DatiAnagrafici/CodiceFiscale", BuyerOnly[0]))),
    };

    /// <summary>The codes that only the SDI reports.</summary>
    public static string[] OnlySdi { get; } =
    [
        "00002", "00106", "00201", "00404", "00409",
        .. Listed.Keys.Except(SdiFaults.All.Select(fault => fault.Code)),
    ];

    public static TheoryData<string> Codes => [.. Listed.Keys];

    public async ValueTask InitializeAsync() => await mock.Provider.ControlAsync("reset", new { });

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Theory]
    [MemberData(nameof(Codes))]
    public async Task Number_on_a_list_has_its_code_and_is_accepted_without_the_list(string code)
    {
        var (lists, make) = Listed[code];
        await mock.Provider.ControlAsync("registry", lists, HttpMethod.Put);

        Assert.Equal([code], await mock.SendAsync(make().Bytes()));

        await mock.Provider.ControlAsync("registry", new { }, HttpMethod.Put);
        Assert.Empty(await mock.SendAsync(make().With(i => i.General.With("Numero", "8")).Bytes()));
        Assert.Empty(make().Codes());
    }

    [Fact]
    public async Task Member_of_a_VAT_group_with_its_tax_code_is_accepted()
    {
        await mock.Provider.ControlAsync(
            "registry", new { VatGroups = Group(BuyerOnly[0], "91234567898") }, HttpMethod.Put);

        Assert.Empty(await mock.SendAsync(Coded("91234567898").Bytes()));
    }

    [Fact]
    public async Task Name_and_bytes_are_used_once()
    {
        var name = mock.NextName();
        Assert.Empty(await mock.SendAsync(Bases.Company().Bytes(), name));

        var other = Bases.Company().With(i => i.General.With("Numero", "8")).Bytes();
        await mock.Provider.SendAsync(name.ToLowerInvariant().Replace(".xml", ".XML", StringComparison.Ordinal), other);
        Assert.Equal(["00002"], await mock.Provider.CodesAsync(name.ToLowerInvariant().Split('.')[0]));
        Assert.Equal(["00002"], await mock.SendAsync(Bases.Company().Bytes()));
    }

    [Fact]
    public async Task Number_of_a_year_is_used_once_unless_the_file_was_discarded()
    {
        Assert.Equal(["00421"], await mock.SendAsync(
            Bases.Company().With(i => i.Summary.With("Imposta", "23.00")).Bytes()));
        Assert.Empty(await mock.SendAsync(Bases.Company().Bytes()));
        Assert.Equal(["00404"], await mock.SendAsync(Bases.Consumer().Bytes()));
        Assert.Empty(await mock.SendAsync(Bases.CreditNote().Bytes()));
        Assert.Equal(["00404"], await mock.SendAsync(Bases.CreditNote().With(i =>
            i.General.With("Data", "2026-11-17")).Bytes()));
        Assert.Empty(await mock.SendAsync(Bases.Company().With(i => i.General.With("Data", "2025-11-17")).Bytes()));
    }

    [Fact]
    public async Task Number_that_comes_twice_in_a_file_is_refused()
    {
        var batch = Bases.Company().With(i => i.Body.AddAfterSelf(new XElement(i.Body)));

        Assert.Equal(["00409"], await mock.SendAsync(batch.Bytes()));
    }

    [Fact]
    public async Task Empty_file_and_many_faults_have_their_codes()
    {
        var many = Bases.Company().With(i => i.Goods.AddFirst(
            Enumerable.Range(0, 60).Select(static _ => new XElement("Colore"))));

        Assert.Equal(["00106"], await mock.SendAsync([]));
        Assert.Equal(["00200", "00201"], await mock.SendAsync(Encoding.UTF8.GetBytes($"{many.Root}")));
    }

    private static Dictionary<string, string> Pair(string number, string taxCode) => new() { [number] = taxCode };

    private static Dictionary<string, string[]> Group(string number, params string[] members) =>
        new() { [number] = members };

    private static MutableInvoice To(string code) =>
        Bases.Company().With(i => i.Header.With("DatiTrasmissione/CodiceDestinatario", code));

    private static MutableInvoice WithoutTaxCode(MutableInvoice invoice) => invoice.With(i =>
    {
        i.Seller.At("DatiAnagrafici/CodiceFiscale").Remove();
        i.Header.With("DatiTrasmissione/IdTrasmittente/IdCodice", "91234567898");
    });

    private static MutableInvoice Coded(string taxCode) => Bases.Company().With(i =>
        i.Buyer.At("DatiAnagrafici/IdFiscaleIVA").AddAfterSelf(new XElement("CodiceFiscale", taxCode)));

    private static MutableInvoice Represented(string number, string? taxCode) => Bases.Consumer().With(i =>
    {
        i.Buyer.With("DatiAnagrafici/CodiceFiscale", "91234567898");
        i.Seller.AddAfterSelf(new XElement("RappresentanteFiscale", new XElement(
            "DatiAnagrafici",
            new XElement("IdFiscaleIVA", new XElement("IdPaese", "IT"), new XElement("IdCodice", number)),
            taxCode is null ? null : new XElement("CodiceFiscale", taxCode),
            new XElement("Anagrafica", new XElement("Denominazione", "Rappresentante S.r.l.")))));
    });
}
