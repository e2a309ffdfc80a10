using System.Data.Common;
using Dapper;
using ECommerce.Features.Invoices.Lifecycle;
using ECommerce.Features.Invoices.Storage;
using Microsoft.Extensions.DependencyInjection;

namespace ECommerce.Features.Invoices.Sending;

/// <summary>A file of which it is not known whether the provider has got it.</summary>
internal sealed record UncertainFile(long Id, string TenantId, long InvoiceId, string Name, DateTime SentAt)
{
    public Tenant Tenant => new(TenantId);
}

/// <summary>
/// Which uncertain files are to be looked up, and what a look-up changes. The pause after a look-up is half the age of
/// the attempt, from 15 seconds to 10 minutes. All times of the schedule are the database server's.
/// </summary>
internal sealed class UncertainFiles(
    [FromKeyedServices(DatabasePools.Background)] DbDataSource source, WriteTransactions transactions)
{
    private const string Due = """
        SELECT id, tenant_id, invoice_id, name, sent_at
        FROM invoice_files
        WHERE outcome = 'uncertain' AND (next_lookup_at IS NULL OR next_lookup_at <= UTC_TIMESTAMP(6))
            AND sent_at <= TIMESTAMPADD(SECOND, -15, UTC_TIMESTAMP(6))
        ORDER BY next_lookup_at
        LIMIT 20
        """;

    // No column that a cache shows, so nothing is invalidated.
    private const string Claim = """
        UPDATE invoice_files
        SET next_lookup_at = TIMESTAMPADD(
            SECOND, LEAST(600, GREATEST(15, TIMESTAMPDIFF(SECOND, sent_at, UTC_TIMESTAMP(6)) / 2)), UTC_TIMESTAMP(6))
        WHERE id = @Id AND outcome = 'uncertain'
            AND (next_lookup_at IS NULL OR next_lookup_at <= UTC_TIMESTAMP(6))
        """;

    /// <summary>Files of all tenants whose time has come.</summary>
    public async Task<IReadOnlyList<UncertainFile>> DueAsync(CancellationToken ct)
    {
        await using var connection = await source.OpenConnectionAsync(ct);
        return [.. await connection.QueryAsync<UncertainFile>(new CommandDefinition(Due, cancellationToken: ct))];
    }

    /// <summary>False: another node looks, or it is not uncertain any more.</summary>
    public async Task<bool> TryClaimAsync(UncertainFile file, CancellationToken ct)
    {
        await using var connection = await source.OpenConnectionAsync(ct);
        return await connection.ExecuteAsync(new CommandDefinition(Claim, file, cancellationToken: ct)) == 1;
    }

    /// <summary>The pool lists the file: the provider has got it.</summary>
    public Task FoundAsync(UncertainFile file, string? sdiId, CancellationToken ct) =>
        ChangeAsync(file, life => life.Send(file.Name, sdiId), ct);

    /// <summary>
    /// The pool does not list the file long after the attempt: it may be sent again. Where a later attempt has begun,
    /// this changes nothing.
    /// </summary>
    public Task NotFoundAsync(UncertainFile file, CancellationToken ct) =>
        ChangeAsync(file, life => life.NotFound(file.Name), ct);

    private async Task ChangeAsync(
        UncertainFile file, Func<InvoiceLife, InvoiceLife> change, CancellationToken ct)
    {
        await using var tx = await transactions.BeginAsync(file.Tenant, ct);
        if (await tx.LockInvoiceAsync(file.InvoiceId, ct) is not { } invoice)
            return;
        var row = invoice.Files.Single(row => row.Id == file.Id);
        if (row.Outcome != FileOutcome.Uncertain.Name() || row.SentAt != file.SentAt)
            return;
        invoice.Store(change(invoice.Life()), tx.Now);
        await tx.CommitAsync(ct);
    }
}
