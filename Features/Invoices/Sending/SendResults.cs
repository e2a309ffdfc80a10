using ECommerce.Features.Invoices.Channel;
using ECommerce.Features.Invoices.Lifecycle;
using ECommerce.Features.Invoices.Storage;
using Microsoft.AspNetCore.Http;
using Microsoft.EntityFrameworkCore;
using FileRow = ECommerce.Features.Data.Entities.Invoices.InvoiceFile;

namespace ECommerce.Features.Invoices.Sending;

/// <summary>The transaction after the provider was called. An answer of the SDI that came before it stays.</summary>
internal sealed class SendResults(WriteTransactions transactions, TimeProvider time)
{
    private const int MaxAttempts = 10;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);

    /// <summary>
    /// Stores what an attempt came to. It is repeated by itself, since the attempt cannot be: what cannot be stored
    /// leaves the file uncertain.
    /// </summary>
    /// <returns>The invoice as it is then.</returns>
    public async Task<InvoiceDetails> WriteAsync(
        SendAttempt attempt, SendOutcome outcome, HttpContext http, IdempotencyClaim? claim, CancellationToken ct)
    {
        // The key of the request belongs to a write that it must not repeat.
        if (outcome.State is SendState.Sent or SendState.Uncertain)
            http.Features.Set(claim);
        for (var written = 1; ; written++)
        {
            try
            {
                return await TryWriteAsync(attempt, outcome, http, ct);
            }
            catch (DuplicateRequestException)
            {
                // Another request had the same key. What became of the file is stored all the same.
                http.Features.Set<IdempotencyClaim>(null);
                await TryWriteAsync(attempt, outcome, http, ct);
                throw;
            }
            catch (Exception exception) when (written < MaxAttempts
                && (DatabaseErrors.IsUnavailable(exception) || DatabaseErrors.IsDeadlock(exception)
                    || exception is DbUpdateConcurrencyException or DatabaseOverloadedException))
            {
                await Task.Delay(Pause * Random.Shared.NextDouble(), time, ct);
            }
        }
    }

    private async Task<InvoiceDetails> TryWriteAsync(
        SendAttempt attempt, SendOutcome outcome, HttpContext http, CancellationToken ct)
    {
        await using var tx = await transactions.BeginAsync(attempt.Tenant, ct);
        var invoice = await tx.LockInvoiceAsync(attempt.InvoiceId, ct)
            ?? throw new InvalidOperationException("An invoice is never deleted.");
        var file = invoice.Files.Single(row => row.Name == attempt.FileName);
        // A later attempt has begun: what it does not change is only that the file was sent.
        if (file.SentAt == attempt.StartedAt || outcome.State == SendState.Sent)
        {
            var before = file.Outcome;
            invoice.Store(After(invoice.Life(), attempt, outcome), tx.Now);
            if (file.Outcome != before && IsUnsent(file))
                file.SentAt = null;
        }
        await tx.SaveAsync(ct);
        var details = (await GetInvoice.QueryAsync(tx.Db, attempt.InvoiceId, ct))!;
        var status = outcome.State == SendState.Sent ? StatusCodes.Status200OK : StatusCodes.Status202Accepted;
        await tx.CommitRepeatableAsync(http, status, PathOf(attempt), details, ct);
        return details;
    }

    public static string PathOf(SendAttempt attempt) => $"/api/v1/invoices/{attempt.InvoiceId}";

    private static InvoiceLife After(InvoiceLife life, SendAttempt attempt, SendOutcome outcome)
    {
        var name = attempt.FileName;
        return outcome.State switch
        {
            SendState.Sent => life.Send(name, outcome.SdiId),
            SendState.Refused => life.RefuseByProvider(name),
            SendState.Uncertain => life.TimeOut(name),
            _ => attempt.WasRefused ? life.RefuseByProvider(name) : life.NotSent(name),
        };
    }

    private static bool IsUnsent(FileRow file) =>
        file.Outcome == FileOutcome.Generated.Name() || file.Outcome == FileOutcome.RefusedByProvider.Name();
}
