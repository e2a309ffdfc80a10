using System.Text;
using ECommerce.Api.Tests.Invoices.Validation;
using ECommerce.Features.Invoices.Validation;

namespace ECommerce.Api.Tests.Invoices.Sdi;

/// <summary>Faults of names and bytes, as our validator and the mock see them.</summary>
public sealed class SdiFileTests(SdiMock mock) : IClassFixture<SdiMock>
{
    private const string Declaration = "<?xml version=\"1.0\" encoding=\"utf-8\"?>";

    /// <summary>The codes that are tested here.</summary>
    public static string[] Codes { get; } = ["00001", "00003"];

    [Theory]
    [InlineData("IT01234567897_F0001.xml", true)]
    [InlineData("ITVRDGPP70A01H501S_F1.xml", true)]
    [InlineData("IT01234567897_000101.xml", false)]
    [InlineData("IT01234567897-00101.xml", false)]
    [InlineData("IT01234567897_.xml", false)]
    [InlineData("01234567897_00101.xml", false)]
    [InlineData("IT01234567897_00-01.xml", false)]
    [InlineData("IT01234567897_00101.xml.exe", false)]
    public async Task Name_has_a_form(string name, bool isValid)
    {
        string[] expected = isValid ? [] : ["00001"];
        var invoice = MutableInvoice.Create().With(i => i.General.With("Numero", $"1-{name.Length}"));

        Assert.Equal(expected, invoice.Codes(name));
        Assert.Equal(expected, await mock.SendAsync(invoice.Bytes(), name));
    }

    [Fact]
    public async Task Size_has_a_limit()
    {
        var large = new byte[(5 << 20) + 1];

        Assert.Equal(["00003"], Validate(large));
        Assert.Equal(["00003"], await mock.SendAsync(large));
    }

    [Fact]
    public async Task Bytes_start_with_the_document_and_are_what_it_declares()
    {
        var text = Encoding.UTF8.GetString(MutableInvoice.Create().With(i => i.General.With("Numero", "9")).Bytes());
        byte[][] wrong =
        [
            [.. Encoding.UTF8.Preamble, .. Encoding.UTF8.GetBytes(Declaration + text)],
            Encoding.UTF8.GetBytes(Declaration.Replace("utf-8", "utf-16", StringComparison.Ordinal) + text),
            Encoding.UTF8.GetBytes("<!DOCTYPE a []>" + text),
            Encoding.Latin1.GetBytes(Declaration + text.Replace("Zaino", "Caffè", StringComparison.Ordinal)),
            Encoding.UTF8.GetBytes(Declaration + text[..^10]),
            Encoding.UTF8.GetBytes(text.Replace("fatture/v1.2", "fatture/v1.1", StringComparison.Ordinal)),
        ];
        foreach (var bytes in wrong)
        {
            Assert.Equal(["00200"], Validate(bytes));
            Assert.Equal(["00200"], await mock.SendAsync(bytes));
        }
        Assert.Empty(await mock.SendAsync(Encoding.UTF8.GetBytes(Declaration + text)));
    }

    private static string[] Validate(byte[] file) =>
    [
        .. InvoiceValidator.Validate(file, new SendingRules(MutableInvoice.Today))
            .Select(fault => fault.Code).Distinct(),
    ];
}
