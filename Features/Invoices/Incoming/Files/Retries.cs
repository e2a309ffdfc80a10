using System.Text;
using ECommerce.Features.Data.Entities.Invoices;
using ECommerce.Features.Invoices.Channel;

namespace ECommerce.Features.Invoices.Incoming.Files;

/// <summary>When a download is tried again: after a minute, then after twice as long each time, up to six hours.
/// </summary>
internal static class Retries
{
    /// <summary>After so many failed attempts an event is given up, which takes about three days.</summary>
    public const int MaxAttempts = 20;

    // Of content that may be an error of the provider, and may be what a supplier has sent.
    private const int MaxDoubtful = 6;
    private const int PageStart = 200;

    private static readonly TimeSpan First = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Longest = TimeSpan.FromHours(6);

    public static TimeSpan Delay(int attempts)
    {
        var delay = First * Math.Pow(2, attempts - 1);
        return delay < Longest ? delay : Longest;
    }

    /// <summary>
    /// Sets the reason why the content cannot be read. Nothing, or a page of the host with the status of a success, is
    /// no file: it is downloaded again.
    /// </summary>
    public static void MarkUnreadable(PoolEvent found, string reason, string? detail, DateTime now)
    {
        found.Outcome = PoolEvent.Unreadable;
        found.Reason = reason;
        found.Detail = detail;
        if (!IsDoubtful(found.Content ?? []))
            return;
        found.Attempts++;
        found.NextAttemptAt = found.Attempts < MaxDoubtful ? now + Delay(found.Attempts) : null;
    }

    private static bool IsDoubtful(byte[] content)
    {
        var start = Encoding.Latin1.GetString(content, 0, Math.Min(content.Length, PageStart)).TrimStart();
        return start.Length == 0 || start.StartsWith("<!DOCTYPE html", StringComparison.OrdinalIgnoreCase)
            || start.StartsWith("<html", StringComparison.OrdinalIgnoreCase)
            || ProviderFaults.Stated(content) is not null;
    }
}
