namespace ECommerce.Features.Data.Entities.Invoices;

/// <summary>Pieces of a line of the order that a document bills or takes back.</summary>
internal sealed class InvoiceItem : TenantRow<long>
{
    public long InvoiceId { get; set; }

    /// <summary>The line as it was when the order was invoiced.</summary>
    public long OrderLineId { get; set; }

    public int Quantity { get; set; }
}
