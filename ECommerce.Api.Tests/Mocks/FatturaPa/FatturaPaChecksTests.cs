using System.Text;

namespace ECommerce.Api.Tests.Mocks.FatturaPa;

public sealed class FatturaPaChecksTests(FatturaPaMock mock) : IClassFixture<FatturaPaMock>
{
    private static readonly string[] SoleTraders = ["01234567897"];

    private static int _number = 1000;

    private static int Next() => Interlocked.Increment(ref _number);

    [Fact]
    public async Task Correct_file_is_not_discarded()
    {
        var number = Next();
        await mock.SendAsync(SampleInvoice.FileName(number), SampleInvoice.Create(number));

        Assert.Empty(await mock.CodesAsync(SampleInvoice.Stem(number)));
    }

    [Theory]
    [InlineData("00200", "<Divisa>EUR</Divisa>", "")]
    [InlineData("00200", "<CAP>80133</CAP><Comune>Napoli</Comune>", "<Comune>Napoli</Comune><CAP>80133</CAP>")]
    [InlineData("00200", "Lampada LED da tavolo", "Lampada a 5 €")]
    [InlineData("00200", "<PrezzoTotale>81.97<", "<PrezzoTotale>81,97<")]
    [InlineData("00200", "<Data>2026-03-02<", "<Data>02/03/2026<")]
    [InlineData("00200", "fatture/v1.2", "fatture/v9")]
    [InlineData("00300", "<IdTrasmittente><IdPaese>IT</IdPaese><IdCodice>01234567897<",
        "<IdTrasmittente><IdPaese>IT</IdPaese><IdCodice>01234567890<")]
    [InlineData("00301", "<IdFiscaleIVA><IdPaese>IT</IdPaese><IdCodice>01234567897<",
        "<IdFiscaleIVA><IdPaese>IT</IdPaese><IdCodice>01234567890<")]
    [InlineData("00306", "BNCLRA85T50F839Z", "12345678901")]
    [InlineData("00311", "0000000</CodiceDestinatario>\n      <PECDestinatario>laura.bianchi@pec.example.it"
        + "</PECDestinatario>", "ZZZZZZZ</CodiceDestinatario>")]
    [InlineData("00400", "<AliquotaIVA>4.00<", "<AliquotaIVA>0.00<")]
    [InlineData("00401", "<AliquotaIVA>4.00</AliquotaIVA>", "<AliquotaIVA>4.00</AliquotaIVA><Natura>N4</Natura>")]
    [InlineData("00403", "<Data>2026-03-02<", "<Data>2999-01-01<")]
    [InlineData("00417", "<CodiceFiscale>BNCLRA85T50F839Z</CodiceFiscale>", "")]
    [InlineData("00421", "<Imposta>18.03<", "<Imposta>18.05<")]
    [InlineData("00422", "<ImponibileImporto>81.97</ImponibileImporto>\n        <Imposta>18.03<",
        "<ImponibileImporto>83.00</ImponibileImporto>\n        <Imposta>18.26<")]
    [InlineData("00423", "<PrezzoTotale>81.97<", "<PrezzoTotale>81.99<")]
    [InlineData("00425", ">2026/", ">ABC-")]
    [InlineData("00426", ">0000000<", ">KRRH6B9<")]
    [InlineData("00427", ">0000000<", ">UFABCD<")]
    [InlineData("00428", "versione=\"FPR12\"", "versione=\"FPA12\"")]
    [InlineData("00471", "<CodiceFiscale>BNCLRA85T50F839Z</CodiceFiscale>",
        "<IdFiscaleIVA><IdPaese>IT</IdPaese><IdCodice>01234567897</IdCodice></IdFiscaleIVA>")]
    public async Task Fault_has_the_code_of_the_sdi(string code, string old, string changed)
    {
        var number = Next();
        var file = SampleInvoice.Create(number, (old, changed));
        if (code == "00425")
        {
            file = Encoding.UTF8.GetBytes(
                Encoding.UTF8.GetString(file).Replace($">ABC-{number}<", ">ABC-X<", StringComparison.Ordinal));
        }
        await mock.SendAsync(SampleInvoice.FileName(number), file);

        Assert.Contains(code, await mock.CodesAsync(SampleInvoice.Stem(number)));
    }

    [Fact]
    public async Task Name_of_a_discarded_file_stays_used()
    {
        var number = Next();
        await mock.SendAsync(SampleInvoice.FileName(number), SampleInvoice.Create(number, ("18.03", "18.09")));
        await mock.SendAsync(SampleInvoice.FileName(number), SampleInvoice.Create(number));

        Assert.Equal(["00002"], await mock.CodesAsync(SampleInvoice.Stem(number)));
    }

    [Fact]
    public async Task Invoice_under_a_second_name_is_a_duplicate_but_its_credit_note_is_not()
    {
        var (number, second, credit) = (Next(), Next(), Next());
        await mock.SendAsync(SampleInvoice.FileName(number), SampleInvoice.Create(number));
        await mock.SendAsync(
            SampleInvoice.FileName(second), SampleInvoice.Create(second, ($"2026/{second}", $"2026/{number}")));
        await mock.SendAsync(
            SampleInvoice.FileName(credit),
            SampleInvoice.Create(credit, ($"2026/{credit}", $"2026/{number}"), ("TD01", "TD04")));

        Assert.Equal(["00404"], await mock.CodesAsync(SampleInvoice.Stem(second)));
        Assert.Empty(await mock.CodesAsync(SampleInvoice.Stem(credit)));
    }

    [Theory]
    [InlineData("IT01234567897_000001.xml", "00001")]
    [InlineData("01234567897_00001.xml", "00001")]
    public async Task Wrong_name_has_its_code(string name, string code)
    {
        await mock.SendAsync(name, SampleInvoice.Create(Next()));

        Assert.Equal([code], await mock.CodesAsync(name.Split('.')[0]));
    }

    [Fact]
    public async Task File_over_five_megabytes_has_its_code()
    {
        var number = Next();
        await mock.SendAsync(SampleInvoice.FileName(number), new byte[(5 << 20) + 1]);

        Assert.Equal(["00003"], await mock.CodesAsync(SampleInvoice.Stem(number)));
    }

    [Fact]
    public async Task More_than_fifty_errors_of_form_end_with_their_code()
    {
        var number = Next();
        var lines = string.Concat(
            Enumerable.Repeat("<DettaglioLinee><NumeroLinea>0</NumeroLinea></DettaglioLinee>", 60));
        await mock.SendAsync(
            SampleInvoice.FileName(number),
            SampleInvoice.Create(number, ("<DatiBeniServizi>", $"<DatiBeniServizi>{lines}")));

        var codes = await mock.CodesAsync(SampleInvoice.Stem(number));
        Assert.Equal((50, "00201"), (codes.Length, codes[^1]));
    }

    [Fact]
    public async Task Lists_of_the_registry_have_their_codes()
    {
        await using var own = new FatturaPaMock();
        await own.ControlAsync(
            "registry",
            new
            {
                UnknownTransmitters = SoleTraders,
                TaxCodes = new Dictionary<string, string> { ["01234567897"] = "BNCLRA85T50F839Z" },
                VatGroups = new Dictionary<string, string[]> { ["12345678903"] = ["BNCLRA85T50F839Z"] },
            },
            HttpMethod.Put);
        await own.SendAsync(
            SampleInvoice.FileName(1), SampleInvoice.Create(1, ("BNCLRA85T50F839Z", "12345678903")));

        Assert.Equal(["00300", "00320", "00327"], await own.CodesAsync(SampleInvoice.Stem(1)));
    }
}
