using System.Text.RegularExpressions;
using ECommerce.Features.Data.Entities.Invoices;
using ECommerce.Features.Invoices.Channel.Pool;
using ECommerce.Features.Invoices.Documents;

namespace ECommerce.Features.Invoices.Incoming.Files;

/// <summary>What names of files in the pool tell, and the lock under which one is downloaded.</summary>
internal static partial class PoolNames
{
    /// <summary>Of the lease of a download.</summary>
    public static readonly TimeSpan Lease = TimeSpan.FromSeconds(60);

    // The provider has received a file.
    private static readonly string[] Receipts = ["Ricezione", "Ricevuta"];

    /// <summary>Whether it is that of a notification: <c>IT01234567897_00001_RC_001.xml</c>.</summary>
    public static bool IsNotification(string fileName) => Form().IsMatch(InvoiceFileName.Stem(fileName));

    /// <summary>The kind in the name of a notification; null: it is not that of one.</summary>
    public static string? KindOf(string fileName) =>
        Form().Match(InvoiceFileName.Stem(fileName)) is { Success: true } match ? match.Groups[2].Value : null;

    /// <summary>The stem of the invoice file in the name of a notification; null: it is not that of one.</summary>
    public static string? InvoiceOf(string fileName) =>
        Form().Match(InvoiceFileName.Stem(fileName)) is { Success: true } match ? match.Groups[1].Value : null;

    /// <summary>Whether an event only confirms that the provider has an invoice of the tenant.</summary>
    public static bool IsReceipt(string direction, string kind, string fileName) =>
        direction == PoolEvent.Sale && Receipts.Contains(kind, StringComparer.OrdinalIgnoreCase)
        && !IsNotification(fileName);

    public static string Name(this PoolDirection direction) =>
        direction == PoolDirection.Purchase ? PoolEvent.Purchase : PoolEvent.Sale;

    /// <summary>The name of the lock of a download.</summary>
    /// <param name="tenant">Whose pool it is.</param>
    /// <param name="sdiId">IdentificativoSdI; one that is none is not part of the name, which is bounded.</param>
    /// <param name="eventId">In its place.</param>
    public static string Lock(Tenant tenant, string sdiId, long eventId) =>
        $"lock:fatturapa:download:{tenant}:{(PoolEvent.IsSdiId(sdiId) ? sdiId : $"-{eventId}")}";

    [GeneratedRegex(@"^([A-Z]{2}[A-Z0-9]{1,28}_[A-Z0-9]{1,5})_([A-Z]{2})_[A-Z0-9]{1,3}\z")]
    private static partial Regex Form();
}
