namespace ECommerce.Api.Tests.Invoices.Sdi;

/// <summary>Who sees a fault.</summary>
internal enum SeenBy
{
    /// <summary>Our validator before sending, and the SDI: both are tested with spoilt invoices.</summary>
    Both,

    /// <summary>The SDI only: it needs its lists, or what it has received before. Tested on the mock.</summary>
    Sdi,

    /// <summary>Neither.</summary>
    Neither,
}

/// <summary>Every code of the list of checks that the project knows.</summary>
/// <param name="Code">Of the SDI.</param>
/// <param name="Seen">Where it is tested.</param>
/// <param name="Why">Why our validator does not see it; empty where it does.</param>
internal sealed record SdiCode(string Code, SeenBy Seen, string Why = "")
{
    public static IReadOnlyList<SdiCode> All { get; } =
    [
        new("00001", SeenBy.Both), new("00003", SeenBy.Both), new("00200", SeenBy.Both),
        new("00300", SeenBy.Both), new("00301", SeenBy.Both), new("00302", SeenBy.Both), new("00303", SeenBy.Both),
        new("00304", SeenBy.Both), new("00305", SeenBy.Both), new("00306", SeenBy.Both), new("00311", SeenBy.Both),
        new("00313", SeenBy.Both), new("00330", SeenBy.Both),
        new("00400", SeenBy.Both), new("00401", SeenBy.Both), new("00403", SeenBy.Both), new("00411", SeenBy.Both),
        new("00413", SeenBy.Both), new("00414", SeenBy.Both), new("00415", SeenBy.Both), new("00417", SeenBy.Both),
        new("00418", SeenBy.Both), new("00419", SeenBy.Both), new("00420", SeenBy.Both), new("00421", SeenBy.Both),
        new("00422", SeenBy.Both), new("00423", SeenBy.Both), new("00424", SeenBy.Both), new("00425", SeenBy.Both),
        new("00426", SeenBy.Both), new("00427", SeenBy.Both), new("00428", SeenBy.Both), new("00429", SeenBy.Both),
        new("00430", SeenBy.Both), new("00437", SeenBy.Both), new("00438", SeenBy.Both), new("00443", SeenBy.Both),
        new("00444", SeenBy.Both), new("00445", SeenBy.Both), new("00448", SeenBy.Both), new("00471", SeenBy.Both),
        new("00472", SeenBy.Both), new("00473", SeenBy.Both), new("00474", SeenBy.Both), new("00475", SeenBy.Both),
        new("00476", SeenBy.Both),
        new("00002", SeenBy.Sdi, "Names of files are unique by an index of the database."),
        new("00106", SeenBy.Sdi, "The program makes no empty file."),
        new("00201", SeenBy.Sdi, "The validator reports the first fifty faults with 00200."),
        new("00312", SeenBy.Sdi, "Only the SDI knows which recipients are active."),
        new("00320", SeenBy.Sdi, "Only the tax office knows which numbers belong together."),
        new("00324", SeenBy.Sdi, "Only the tax office knows which numbers belong together."),
        new("00325", SeenBy.Sdi, "Only the tax office knows the members of VAT groups."),
        new("00326", SeenBy.Sdi, "The address does not tell that the buyer is a VAT group; the request may."),
        new("00327", SeenBy.Sdi, "Only the tax office knows the VAT groups."),
        new("00404", SeenBy.Sdi, "Numbers of a year are unique by an index of the database."),
        new("00409", SeenBy.Sdi, "The program writes one document to a file."),
        new("00102", SeenBy.Neither, "Files to companies and consumers are not signed."),
        new("00477", SeenBy.Neither, "Declarations of intent (N3.5) are known to the tax office only."),
    ];
}
