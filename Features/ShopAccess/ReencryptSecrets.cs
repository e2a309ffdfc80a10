using System.CommandLine;
using System.Security.Cryptography;
using ECommerce.Features.Common.CommandLine;
using Microsoft.Extensions.DependencyInjection;

namespace ECommerce.Features.ShopAccess;

/// <summary>
/// The command <c>secrets reencrypt</c>: every stored secret is encrypted with the first key of DATA_PROTECTION_KEY
/// afterwards, so that the others can be removed. Replicas go on meanwhile.
/// </summary>
internal static class ReencryptSecrets
{
    // One transaction each: a change of a shop waits for one of them at most.
    internal const int BatchSize = 100;

    private const string Audit = """
        INSERT INTO account_audit (changed_at, by_os_user, action, detail)
        VALUES (UTC_TIMESTAMP(6), LEFT(@user, 64), 'secrets reencrypt', @detail)
        """;

    public static Command Command(CommandRunner runner)
    {
        var reencrypt = new ApiCommand(
            "reencrypt", "Encrypts every stored secret with the first key of DATA_PROTECTION_KEY.",
            "secrets reencrypt");
        reencrypt.SetAction((parse, ct) => runner.RunAsync(parse, async host =>
        {
            var services = await host.StartAsync(ct);
            return await HandleAsync(
                services.GetRequiredService<WriteTransactions>(), services.GetRequiredService<SecretProtector>(), ct);
        }));
        return new Command("secrets", "Secrets of merchants in the database.") { reencrypt };
    }

    private static async Task<CommandResult> HandleAsync(
        WriteTransactions transactions, SecretProtector protector, CancellationToken ct)
    {
        var done = new Progress();
        foreach (var column in ProtectedColumn.All)
        {
            var last = 0L;
            while (await RunBatchAsync(column, last, transactions, protector, done, ct) is { } next)
                last = next;
        }

        var key = protector.CurrentId.Length > 0 ? $"the key '{protector.CurrentId}'" : "the key without an id";
        if (done.Unreadable.Count > 0)
        {
            throw new InvalidOperationException(
                $"{done.Changed} secrets are encrypted anew with {key}, but no key of DATA_PROTECTION_KEY opens "
                + $"{done.Unreadable.Count}, of {string.Join(", ", done.Unreadable.Take(10))}: add the key that "
                + "encrypted them, or enter the secrets again.");
        }
        return new CommandResult(
            $"{done.Changed} secrets are encrypted anew with {key}, {done.Unchanged} were before.",
            ("key", protector.CurrentId), ("reencrypted", done.Changed), ("unchanged", done.Unchanged));
    }

    /// <summary>The last id of the batch; null behind the last row.</summary>
    private static async Task<long?> RunBatchAsync(
        ProtectedColumn column, long last, WriteTransactions transactions, SecretProtector protector, Progress done,
        CancellationToken ct)
    {
        var read = $"""
            SELECT CAST(id AS SIGNED) AS id, tenant_id, {column.NameColumn ?? "''"} AS name,
                   {column.Column} AS sealed_value
            FROM {column.Table}
            WHERE id > @last AND {column.Column} IS NOT NULL
            ORDER BY id
            LIMIT {BatchSize}
            FOR UPDATE
            """;
        // Neither the version nor what is cached of the row changes: the secret is the same.
        var write = $"UPDATE {column.Table} SET {column.Column} = @changed WHERE id = @Id";

        await using var tx = await transactions.BeginAsync(ct);
        var rows = await tx.ListAsync<Row>(read, new { last }, ct);
        var (changed, unchanged, unreadable) = (0, 0, new List<string>());
        foreach (var row in rows)
        {
            try
            {
                if (protector.Reprotect(row.SealedValue, Purpose(row)) is not { } value)
                {
                    unchanged++;
                    continue;
                }
                await tx.ExecuteAsync(write, new { row.Id, changed = value }, ct);
                changed++;
            }
            catch (CryptographicException)
            {
                unreadable.Add($"{column.Table} {row.Id}");
            }
        }
        if (changed > 0)
        {
            var detail = $"{changed} of {column.Table}.{column.Column} with key '{protector.CurrentId}'";
            await tx.ExecuteAsync(Audit, new { user = Environment.UserName, detail }, ct);
        }
        await tx.CommitAsync(ct);

        done.Changed += changed;
        done.Unchanged += unchanged;
        done.Unreadable.AddRange(unreadable);
        return rows.Count > 0 ? rows[^1].Id : null;

        string Purpose(Row row) => column.Purpose(new Tenant(row.TenantId), row.Name);
    }

    private sealed record Row(long Id, string TenantId, string Name, byte[] SealedValue);

    private sealed class Progress
    {
        public int Changed { get; set; }

        public int Unchanged { get; set; }

        public List<string> Unreadable { get; } = [];
    }
}
