using System.Security.Cryptography;
using ECommerce.Features.Common.Settings;
using ECommerce.Features.Data.Entities.Invoices;
using ECommerce.Features.Invoices.Channel;
using ECommerce.Features.Invoices.Issuing;
using ECommerce.Features.Invoices.Lifecycle;
using ECommerce.Features.Invoices.Storage;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using FileRow = ECommerce.Features.Data.Entities.Invoices.InvoiceFile;

namespace ECommerce.Features.Invoices.Sending;

/// <summary>An attempt that may begin, or why none may; neither: there is no such invoice.</summary>
internal sealed record PreparedSend(SendAttempt? Attempt, ProblemHttpResult? Problem)
{
    /// <summary>The problem may be solved by a look-up of these files with this key.</summary>
    public (ProviderKey Key, IReadOnlyList<DuplicateFile> Files)? Conflict { get; init; }
}

/// <summary>
/// The transaction before the provider is called: decides under the lock of the invoice whether and how it may be sent,
/// and stores the file as uncertain. From there on another attempt finds it so.
/// </summary>
internal sealed class SendPreparation(
    WriteTransactions transactions, SendRules rules, CorrectedDocuments documents, TenantSettings settings)
{
    private static readonly PreparedSend Missing = new(null, null);

    /// <param name="tenant">Whose invoice it is.</param>
    /// <param name="id">The invoice.</param>
    /// <param name="ifMatch">The versions of it that may be sent.</param>
    /// <param name="foreign">Files that the SDI has discarded for names that another program has used.</param>
    /// <param name="http">Gets the Retry-After of a problem.</param>
    /// <param name="ct">Cancels.</param>
    public async Task<PreparedSend> PrepareAsync(
        Tenant tenant, long id, IfMatch ifMatch, IReadOnlyList<DuplicateFile> foreign, HttpContext http,
        CancellationToken ct)
    {
        await using var tx = await transactions.BeginAsync(tenant, ct);
        if (await tx.LockInvoiceAsync(id, ct) is not { } invoice)
            return Missing;
        if (!ifMatch.Allows(invoice.RowVersion))
            return new PreparedSend(null, Problems.PreconditionFailed());
        var duplicates = SendRules.Duplicates(invoice);
        var isSolved = duplicates.Count > 0 && duplicates.Count == foreign.Count;
        var refusal = isSolved ? null : rules.Refusal(invoice, tx.Now, http);
        if (refusal is not null && (duplicates.Count == 0 || foreign.Count > 0))
            return new PreparedSend(null, refusal);
        if (await settings.ReadSecretAsync(tx.Db, KnownSettings.FatturaPaApiKey, ct) is not { } secret)
            return new PreparedSend(null, InvoiceProblems.SettingsMissing([KnownSettings.FatturaPaApiKey.Name]));

        ProviderKey key;
        try
        {
            key = ProviderKey.Create(secret);
        }
        catch (FatturaPaException failure)
        {
            return new PreparedSend(
                null, SendProblems.KeyRefused(KnownSettings.FatturaPaApiKey.Name, failure.Message));
        }
        if (refusal is not null)
            return new PreparedSend(null, refusal) { Conflict = (key, duplicates) };
        var last = invoice.Files.MaxBy(static file => file.Id);
        var wasRefused = IsRefused(last);
        var lookUpFirst = last is { SentAt: not null } && (IsUnsent(last) || IsUncertain(last));
        if (last is null || MustBeMade(invoice, last))
        {
            (last, var problem) = await MakeAsync(tx, invoice, last, ct);
            if (problem is not null)
                return new PreparedSend(null, problem);
        }
        var attempt = new SendAttempt(tenant, id, key, last!.Name, last.Content, Microseconds(tx.Now))
        {
            LookUpFirst = lookUpFirst,
            WasRefused = wasRefused,
        };
        invoice.Store(invoice.Life().TimeOut(last.Name), attempt.StartedAt);
        last.SentAt = attempt.StartedAt;
        await tx.CommitAsync(ct);
        return new PreparedSend(attempt, null);
    }

    private async Task<(FileRow? File, ProblemHttpResult? Problem)> MakeAsync(
        WriteTransaction tx, Invoice invoice, FileRow? last, CancellationToken ct)
    {
        var reusable = last is not null && IsUnsent(last) ? last.Name : null;
        var (made, problem) = await documents.MakeAsync(tx, invoice, reusable, ct);
        if (made is null)
            return (null, problem);
        var file = last?.Name == made.FileName ? last : null;
        if (file is null)
        {
            file = new FileRow
            {
                Tenant = tx.Db.Tenant,
                InvoiceId = invoice.Id,
                Name = made.FileName,
                Outcome = FileOutcome.Generated.Name(),
                CreatedAt = tx.Now,
            };
            invoice.Files.Add(file);
        }
        (file.Content, file.Sha256) = (made.Xml, SHA256.HashData(made.Xml));
        return (file, null);
    }

    // A file that may have been handed over keeps its bytes, and one that was never sent is what was issued.
    private static bool MustBeMade(Invoice invoice, FileRow last) => !IsUnsent(last)
        ? !IsUncertain(last)
        : IsRefused(last) || (last.SentAt is null && invoice.Files.Count > 1);

    private static bool IsRefused(FileRow? file) => file?.Outcome == FileOutcome.RefusedByProvider.Name();

    private static bool IsUncertain(FileRow file) => file.Outcome == FileOutcome.Uncertain.Name();

    private static bool IsUnsent(FileRow file) =>
        file.Outcome == FileOutcome.Generated.Name() || IsRefused(file);

    // As precise as the column, so that the stored moment is the attempt's.
    private static DateTime Microseconds(DateTime moment) =>
        moment.AddTicks(-(moment.Ticks % TimeSpan.TicksPerMicrosecond));
}
