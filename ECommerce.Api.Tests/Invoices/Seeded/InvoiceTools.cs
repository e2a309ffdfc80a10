namespace ECommerce.Api.Tests.Invoices.Seeded;

/// <summary>Programs that check invoices, which a full run needs and others use where they are there.</summary>
internal static class InvoiceTools
{
    public const string NoSchema = "xmllint or the schema is missing: bash eng/fetch-invoice-schema.sh";
    public const string NoA38 = "a38tool is missing: python3-a38 of Debian.";

    public static string Schema { get; } =
        Path.Combine(RepositoryRoot.Path, "artifacts", "fatturapa", "Schema_1.2.1.xsd");

    public static bool HasSchema => TestScale.IsFull || (File.Exists(Schema) && IsInstalled("xmllint"));

    public static bool HasA38 => TestScale.IsFull || IsInstalled("a38tool");

    private static bool IsInstalled(string program) => (Environment.GetEnvironmentVariable("PATH") ?? "")
        .Split(Path.PathSeparator).Any(folder => File.Exists(Path.Combine(folder, program)));
}
