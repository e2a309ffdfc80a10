namespace ECommerce.Mocks.FatturaPa.Sdi;

/// <summary>What the tax office knows, as far as checks need it. Empty lists: every number is valid.</summary>
internal sealed record RegistryLists
{
    /// <summary>VAT numbers that are no tax code of a transmitter: those of sole traders (00300).</summary>
    public IReadOnlyList<string> UnknownTransmitters { get; init; } = [];

    /// <summary>VAT numbers and tax codes that do not exist (00301 to 00306).</summary>
    public IReadOnlyList<string> UnknownNumbers { get; init; } = [];

    /// <summary>Recipient codes that do not exist (00311). San Marino's ends in a letter O and 8.</summary>
    public IReadOnlyList<string> UnknownRecipients { get; init; } = ["ZZZZZZZ", "ZZZZZZ", "2R4GT08"];

    /// <summary>Recipient codes that exist and are not active (00312).</summary>
    public IReadOnlyList<string> InactiveRecipients { get; init; } = [];

    /// <summary>The tax code that belongs to a VAT number (00320, 00324).</summary>
    public IReadOnlyDictionary<string, string> TaxCodes { get; init; } = new Dictionary<string, string>();

    /// <summary>The members of VAT groups, by the number of the group (00325, 00326, 00327).</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> VatGroups { get; init; } =
        new Dictionary<string, IReadOnlyList<string>>();
}

/// <summary>The lists that are in force.</summary>
internal sealed class Registry
{
    private volatile RegistryLists _current = new();

    public RegistryLists Current
    {
        get => _current;
        set => _current = value;
    }
}
