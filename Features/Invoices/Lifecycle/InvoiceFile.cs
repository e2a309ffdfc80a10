using ECommerce.Features.Invoices.Documents;
using ECommerce.Features.Invoices.Validation;

namespace ECommerce.Features.Invoices.Lifecycle;

/// <summary>One file of an invoice, and what became of it.</summary>
internal sealed record InvoiceFile(string Name, FileOutcome Outcome)
{
    public string? SdiId { get; init; }

    /// <summary>When the SDI answered; null: it has not.</summary>
    public DateTimeOffset? AnsweredAt { get; init; }

    /// <summary>Why it was discarded.</summary>
    public IReadOnlyList<string> Codes { get; init; } = [];

    /// <summary>A second answer contradicts the first one, which counts.</summary>
    public bool IsContradicted { get; init; }

    public bool IsAccepted => Outcome is FileOutcome.Delivered or FileOutcome.Undeliverable;

    public bool IsAnswered => IsAccepted || Outcome == FileOutcome.Rejected;

    /// <summary>The SDI may have got it, and has not answered.</summary>
    public bool IsOpen => Outcome is FileOutcome.Sent or FileOutcome.Uncertain;

    /// <summary>Discarded since the SDI has the invoice, or a file of that name, already.</summary>
    public bool IsDuplicate => Outcome == FileOutcome.Rejected && Codes.Any(static code =>
        code is FaultCodes.Duplicate or FaultCodes.DuplicateInBatch or FaultCodes.DuplicateFile);

    /// <summary>Discarded since another file of the invoice was accepted.</summary>
    public bool IsDuplicateInvoice => Outcome == FileOutcome.Rejected && Codes.Contains(FaultCodes.Duplicate);

    public bool Has(string name) => InvoiceFileName.Stem(Name) == InvoiceFileName.Stem(name);

    /// <summary>The file after an answer. The first one counts; a repetition changes nothing.</summary>
    public InvoiceFile Answered(FileNotification notification)
    {
        var outcome = notification.Kind switch
        {
            NotificationKind.Delivery => FileOutcome.Delivered,
            NotificationKind.DeliveryFailure => FileOutcome.Undeliverable,
            _ => FileOutcome.Rejected,
        };
        if (IsAnswered)
            return this with { IsContradicted = IsContradicted || outcome != Outcome };
        return this with
        {
            Outcome = outcome,
            SdiId = notification.SdiId,
            AnsweredAt = notification.ReceivedAt,
            Codes = outcome == FileOutcome.Rejected ? notification.Codes : [],
        };
    }
}
