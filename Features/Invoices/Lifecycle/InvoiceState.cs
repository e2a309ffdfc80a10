namespace ECommerce.Features.Invoices.Lifecycle;

/// <summary>Where an invoice stands. It belongs to the invoice; notifications belong to its files.</summary>
internal enum InvoiceState
{
    /// <summary>There is no file yet.</summary>
    Pending,

    /// <summary>A file was made, and the SDI has not got it.</summary>
    Generated,

    /// <summary>A file is on its way: the SDI has not answered, or its answer does not decide.</summary>
    Sent,

    /// <summary>Discarded by the SDI: not issued. To be sent again with the same number and date.</summary>
    Rejected,

    /// <summary>
    /// Issued, but not delivered: it is in the buyer's area on the site of the tax office, and the seller has to tell
    /// the buyer.
    /// </summary>
    Undeliverable,

    /// <summary>Issued and delivered.</summary>
    Delivered,
}

/// <summary>What became of one file.</summary>
internal enum FileOutcome
{
    /// <summary>Made, not sent.</summary>
    Generated,

    /// <summary>Sent, without an answer.</summary>
    Sent,

    /// <summary>Sent, and it is not known whether it arrived.</summary>
    Uncertain,

    /// <summary>Refused by the provider before the SDI saw it: its name may be used again.</summary>
    RefusedByProvider,

    /// <summary>NS: discarded by the SDI.</summary>
    Rejected,

    /// <summary>MC: accepted, and could not be delivered.</summary>
    Undeliverable,

    /// <summary>RC: accepted and delivered.</summary>
    Delivered,
}

/// <summary>The kinds of notifications about an invoice to a private party.</summary>
internal enum NotificationKind
{
    /// <summary>NS, ricevuta di scarto.</summary>
    Rejection,

    /// <summary>MC, impossibilità di recapito.</summary>
    DeliveryFailure,

    /// <summary>RC, ricevuta di consegna.</summary>
    Delivery,
}

/// <summary>A notification of the SDI about a file.</summary>
/// <param name="FileName">Of the invoice file that it is about.</param>
/// <param name="SdiId">IdentificativoSdI.</param>
/// <param name="ReceivedAt">When the SDI made it.</param>
/// <param name="Kind">What the SDI has decided.</param>
internal sealed record FileNotification(
    NotificationKind Kind, string FileName, string SdiId, DateTimeOffset ReceivedAt)
{
    /// <summary>Of a rejection.</summary>
    public IReadOnlyList<string> Codes { get; init; } = [];
}
