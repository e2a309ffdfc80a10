using ECommerce.Features.Invoices.Documents;

namespace ECommerce.Features.Invoices.Receiving;

/// <summary>What was found in the bytes of a received file.</summary>
/// <param name="Name">As it was received: it does not decide what the file is.</param>
/// <param name="Invoices">Empty: the file could not be read.</param>
internal sealed record ReceivedFile(string Name, IReadOnlyList<InvoiceDocument> Invoices)
{
    /// <summary>The XML without its signature; empty where none was found.</summary>
    public byte[] Xml { get; init; } = [];

    public SignatureState Signature { get; init; }

    /// <summary>Why the file could not be read; null: it was.</summary>
    public UnreadableReason? Reason { get; init; }

    /// <summary>Details of <see cref="Reason"/>, without content of the file's personal data.</summary>
    public string? Detail { get; init; }

    public bool IsReadable => Reason is null;
}

/// <summary>
/// Whether the file is signed. The SDI has checked it before: a wrong signature is no reason to refuse.
/// </summary>
internal enum SignatureState
{
    /// <summary>There is none.</summary>
    None,

    /// <summary>The signature fits the bytes; who signed is not checked.</summary>
    Valid,

    /// <summary>The signature does not fit the bytes, or cannot be read.</summary>
    Invalid,

    /// <summary>A signature inside the XML, which is not checked.</summary>
    NotChecked,
}

/// <summary>Why a file could not be read.</summary>
internal enum UnreadableReason
{
    /// <summary>There are no bytes.</summary>
    Empty,

    /// <summary>The file, or what it contains, is larger than an invoice may be.</summary>
    TooLarge,

    /// <summary>Neither XML nor a signed file, or one that is cut off.</summary>
    UnknownForm,

    /// <summary>
    /// XML with a document type, whose entities could read files or grow without a limit, or with more levels, names
    /// or elements than an invoice has.
    /// </summary>
    Hostile,

    /// <summary>XML that is not well-formed, or of an unknown encoding.</summary>
    BrokenXml,

    /// <summary>XML, but no invoice.</summary>
    NoInvoice,

    /// <summary>XML, but not about an invoice.</summary>
    NoNotification,
}
