namespace ECommerce.Features.Invoices.Lifecycle;

/// <summary>Whether and how an invoice can be sent again.</summary>
/// <param name="Kind">What to do.</param>
/// <param name="IsLate">
/// More than five days after the rejection: possible, but an invoice with a new number and date that refers to this
/// one, or the same number in a section of its own, is what the tax office prefers.
/// </param>
internal sealed record ResendAdvice(ResendKind Kind, bool IsLate = false)
{
    /// <summary>Days after a rejection in which number and date stay without more ado.</summary>
    public const int Days = 5;

    public bool IsAllowed => Kind is ResendKind.SameName or ResendKind.NewName;

    /// <summary>What an invoice allows on a day.</summary>
    /// <param name="today">In the zone of the shop.</param>
    /// <param name="zone">The zone of the shop, in which the day of the rejection is.</param>
    /// <param name="invoice">The life of the invoice.</param>
    public static ResendAdvice For(InvoiceLife invoice, DateOnly today, TimeZoneInfo zone)
    {
        switch (invoice.State)
        {
            case InvoiceState.Delivered or InvoiceState.Undeliverable:
                return new ResendAdvice(ResendKind.Issued);
            case InvoiceState.Sent:
                return new ResendAdvice(invoice.NeedsLookup ? ResendKind.LookUpFirst : ResendKind.Wait);
            case InvoiceState.Pending:
                return new ResendAdvice(ResendKind.NewName);
        }
        // The SDI has never seen the name.
        if (invoice.Files[^1].Outcome is FileOutcome.RefusedByProvider or FileOutcome.Generated)
            return new ResendAdvice(ResendKind.SameName, IsOverdue(invoice, today, zone));
        return new ResendAdvice(ResendKind.NewName, IsOverdue(invoice, today, zone));
    }

    private static bool IsOverdue(InvoiceLife invoice, DateOnly today, TimeZoneInfo zone) =>
        invoice.RejectedAt is { } rejected
        && today.DayNumber - DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(rejected, zone).DateTime).DayNumber > Days;
}

/// <summary>How to send an invoice again: number and date stay in any case.</summary>
internal enum ResendKind
{
    /// <summary>With a name that was not used before.</summary>
    NewName,

    /// <summary>With the name of the last file.</summary>
    SameName,

    /// <summary>Not yet: the answer of the SDI is to come.</summary>
    Wait,

    /// <summary>Not before it is known what the SDI has.</summary>
    LookUpFirst,

    /// <summary>Never: the invoice is issued.</summary>
    Issued,
}
