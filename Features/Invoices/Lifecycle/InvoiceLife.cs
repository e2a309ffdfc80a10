namespace ECommerce.Features.Invoices.Lifecycle;

/// <summary>
/// The life of an invoice. Its state follows from what became of its files, so that it is the same in whatever order,
/// and however often, notifications arrive. An accepted file decides for ever.
/// </summary>
internal sealed record InvoiceLife(string Number, DateOnly Date)
{
    /// <summary>In the order in which they were made.</summary>
    public IReadOnlyList<InvoiceFile> Files { get; init; } = [];

    public InvoiceState State
    {
        get
        {
            if (Accepted is { } accepted)
            {
                return accepted.Outcome == FileOutcome.Delivered
                    ? InvoiceState.Delivered
                    : InvoiceState.Undeliverable;
            }
            if (IsPresumedAccepted)
                return InvoiceState.Delivered;
            if (Files.Count == 0)
                return InvoiceState.Pending;
            if (Files.Any(static file => file.IsOpen || file.IsDuplicate))
                return InvoiceState.Sent;
            // A file that was made after a rejection does not undo it before it is sent.
            return Files.Any(static file => file.Outcome == FileOutcome.Rejected)
                ? InvoiceState.Rejected
                : InvoiceState.Generated;
        }
    }

    /// <summary>The file that the SDI accepted; a delivery ahead of a failed one.</summary>
    public InvoiceFile? Accepted =>
        Files.FirstOrDefault(static file => file.Outcome == FileOutcome.Delivered)
        ?? Files.FirstOrDefault(static file => file.Outcome == FileOutcome.Undeliverable);

    /// <summary>IdentificativoSdI of the accepted file.</summary>
    public string? SdiId => Accepted?.SdiId;

    /// <summary>
    /// A file was discarded as a duplicate of the invoice (00404), and an earlier one is without an answer, or is a
    /// duplicate, too: the SDI has the invoice, and its receipt is still to come. Only the rejection of every earlier
    /// file for other reasons withdraws this.
    /// </summary>
    public bool IsPresumedAccepted => Accepted is null && Files.Index().Any(entry => entry.Item.IsDuplicateInvoice
        && Files.Take(entry.Index).Any(static earlier => earlier.IsOpen || earlier.IsDuplicateInvoice));

    /// <summary>What the SDI has is to be looked up, at the provider or in the area of the tax office.</summary>
    public bool NeedsLookup => Accepted is null
        && Files.Any(static file => file.IsDuplicate || file.Outcome == FileOutcome.Uncertain);

    /// <summary>An answer contradicts an earlier one about the same file.</summary>
    public bool IsContradicted => Files.Any(static file => file.IsContradicted);

    /// <summary>When the SDI discarded the invoice; null: it did not.</summary>
    public DateTimeOffset? RejectedAt => State == InvoiceState.Rejected
        ? Files.Where(static file => file.Outcome == FileOutcome.Rejected).Max(static file => file.AnsweredAt)
        : null;

    /// <summary>A file is made. The name of one that the provider refused may be used again.</summary>
    /// <exception cref="InvalidOperationException">The name was used, or the invoice is issued.</exception>
    public InvoiceLife Generate(string fileName)
    {
        if (State is InvoiceState.Delivered or InvoiceState.Undeliverable)
            throw new InvalidOperationException("The invoice is issued.");
        if (Files.FirstOrDefault(file => file.Has(fileName)) is not { } used)
            return this with { Files = [.. Files, new InvoiceFile(fileName, FileOutcome.Generated)] };
        return used.Outcome is FileOutcome.RefusedByProvider or FileOutcome.Generated
            ? Replace(used, used with { Name = fileName, Outcome = FileOutcome.Generated })
            : throw new InvalidOperationException("The name was used.");
    }

    /// <summary>The provider has taken the file. After an answer of the SDI this changes nothing.</summary>
    /// <param name="sdiId">IdentificativoSdI, where the pool has shown it.</param>
    /// <param name="fileName">Of a file of this invoice.</param>
    public InvoiceLife Send(string fileName, string? sdiId = null) => Change(
        fileName,
        file => file.IsAnswered ? file : file with { Outcome = FileOutcome.Sent, SdiId = sdiId ?? file.SdiId });

    /// <summary>An attempt to send the file has ended before the provider got it.</summary>
    public InvoiceLife NotSent(string fileName) => Change(
        fileName, static file => file.IsAnswered ? file : file with { Outcome = FileOutcome.Generated });

    /// <summary>It is not known whether the provider has taken the file.</summary>
    public InvoiceLife TimeOut(string fileName) => Change(
        fileName, static file => file.IsAnswered ? file : file with { Outcome = FileOutcome.Uncertain });

    /// <summary>The provider has refused the file, and the SDI has not seen it.</summary>
    public InvoiceLife RefuseByProvider(string fileName) => Change(
        fileName, static file => file.IsAnswered ? file : file with { Outcome = FileOutcome.RefusedByProvider });

    /// <summary>
    /// The provider and the SDI do not have the file: it was not sent. To be called after a look-up that found nothing.
    /// </summary>
    public InvoiceLife NotFound(string fileName) => NotSent(fileName);

    /// <summary>A notification about a file of this invoice; one about another file changes nothing.</summary>
    public InvoiceLife Notify(FileNotification notification) =>
        Change(notification.FileName, file => file.Answered(notification));

    public bool HasFile(string fileName) => Files.Any(file => file.Has(fileName));

    private InvoiceLife Change(string fileName, Func<InvoiceFile, InvoiceFile> change) =>
        Files.FirstOrDefault(file => file.Has(fileName)) is { } found ? Replace(found, change(found)) : this;

    private InvoiceLife Replace(InvoiceFile old, InvoiceFile changed) =>
        this with { Files = [.. Files.Select(file => ReferenceEquals(file, old) ? changed : file)] };
}
