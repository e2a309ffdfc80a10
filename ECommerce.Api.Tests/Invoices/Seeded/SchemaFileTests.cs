using System.Xml.Linq;
using ECommerce.Api.Tests.Operations;
using ECommerce.Features.Invoices;

namespace ECommerce.Api.Tests.Invoices.Seeded;

/// <summary>The same invoices as other programs see them.</summary>
public sealed class SchemaFileTests : IDisposable
{
    private static readonly XNamespace Xs = "http://www.w3.org/2001/XMLSchema";

    private const string SignatureSchema = """
        <xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" targetNamespace="http://www.w3.org/2000/09/xmldsig#">
          <xs:element name="Signature" type="xs:anyType"/>
        </xs:schema>
        """;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("invoices");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact(Skip = InvoiceTools.NoSchema, SkipType = typeof(InvoiceTools), SkipUnless = nameof(InvoiceTools.HasSchema))]
    public async Task Every_invoice_follows_the_schema()
    {
        var files = Write(step: 1);

        var xmllint = await Tool.RunAsync(
            "xmllint", ["--noout", "--nonet", "--schema", Schema(), .. files], folder: _folder.FullName);

        var refused = xmllint.Error.Split('\n').Where(line => !line.EndsWith(" validates", StringComparison.Ordinal));
        Assert.Empty(refused.Take(5));
        Assert.Equal(0, xmllint.ExitCode);
    }

    [Fact(Skip = InvoiceTools.NoSchema, SkipType = typeof(InvoiceTools), SkipUnless = nameof(InvoiceTools.HasSchema))]
    public async Task Schema_refuses_an_invoice_with_a_foreign_postcode()
    {
        var file = Write(step: SeededInvoiceTests.Count)[0];
        var text = await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(
            file, text.Replace("<CAP>80121</CAP>", "<CAP>SW1A 2AA</CAP>", StringComparison.Ordinal),
            TestContext.Current.CancellationToken);

        var xmllint = await Tool.RunAsync("xmllint", ["--noout", "--nonet", "--schema", Schema(), file]);

        Assert.NotEqual(0, xmllint.ExitCode);
    }

    // Each invocation starts Python: a sample. It demands a PEC with 0000000, which consumers need not have.
    [Fact(Skip = InvoiceTools.NoA38, SkipType = typeof(InvoiceTools), SkipUnless = nameof(InvoiceTools.HasA38))]
    public async Task A38_accepts_a_hundred_invoices()
    {
        foreach (var file in Write(step: SeededInvoiceTests.Count / 100))
        {
            var tool = await Tool.RunAsync("a38tool", ["validate", file]);

            var lines = $"{tool.Output}\n{tool.Error}".Split('\n', StringSplitOptions.RemoveEmptyEntries);
            Assert.DoesNotContain(lines, line => !line.Contains(
                "[00426] pec_destinatario has no value while codice_destinatario has value 0000000",
                StringComparison.Ordinal));
        }
    }

    private string[] Write(int step) =>
    [
        .. Enumerable.Range(0, SeededInvoiceTests.Count).Where(seed => seed % step == 0).Select(seed =>
        {
            var file = Path.Combine(_folder.FullName, $"{seed}.xml");
            File.WriteAllBytes(file, InvoiceFactory.Create(RandomOrders.Request(seed)).Xml);
            return file;
        }),
    ];

    // Without the network, and with the details of natures that came after that version.
    private string Schema()
    {
        File.WriteAllText(Path.Combine(_folder.FullName, "signature.xsd"), SignatureSchema);
        var schema = XDocument.Load(InvoiceTools.Schema);
        schema.Root!.Element(Xs + "import")!.SetAttributeValue("schemaLocation", "signature.xsd");
        var natures = schema.Root.Elements(Xs + "simpleType")
            .Single(type => type.Attribute("name")!.Value == "NaturaType").Element(Xs + "restriction")!;
        foreach (var (nature, details) in new[] { ("N2", 2), ("N3", 6), ("N6", 9) })
        {
            natures.Add(Enumerable.Range(1, details).Select(detail =>
                new XElement(Xs + "enumeration", new XAttribute("value", $"{nature}.{detail}"))));
        }
        var file = Path.Combine(_folder.FullName, "invoice.xsd");
        schema.Save(file);
        return file;
    }
}
