namespace ECommerce.Features.Data.Entities.Invoices;

/// <summary>What the SDI answered about a file of an invoice, once each.</summary>
internal sealed class InvoiceNotification : TenantRow<long>
{
    public long InvoiceId { get; set; }

    /// <summary>RC, NS, MC, or what the SDI calls another one.</summary>
    public string Kind { get; set; } = "";

    public string SdiId { get; set; } = "";

    /// <summary>The file of the invoice that it is about.</summary>
    public string FileName { get; set; } = "";

    /// <summary>The name of the notification's own file.</summary>
    public string? NotificationName { get; set; }

    /// <summary>Why the file was discarded: a JSON array of objects with code, description and suggestion.</summary>
    public string? Errors { get; set; }

    /// <summary>The notification as it was received.</summary>
    public byte[]? Content { get; set; }

    /// <summary>By the clock of the SDI.</summary>
    public DateTime? SdiReceivedAt { get; set; }

    public DateTime ReceivedAt { get; set; }
}
