using System.Text.Json.Nodes;
using ECommerce.Api.Tests.Mocks.FatturaPa;
using ECommerce.Features.Invoices.Lifecycle;
using ECommerce.Features.Invoices.Storage;
using Microsoft.Extensions.DependencyInjection;

namespace ECommerce.Api.Tests.Invoicing;

/// <summary>Nodes whose provider takes files, and whose SDI does not answer in the time of a test.</summary>
public sealed class SilentNodes(ApiFixture fixture)
    : ChannelNodes(fixture, new FatturaPaMock(null, ("delayMs", "86400000")))
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    /// <summary>Tries to send an invoice.</summary>
    internal Task<HttpResponseMessage> SendAsync(JsonNode invoice, int node = 0, string user = "acme.admin") =>
        As(user, node).CallAsync(HttpMethod.Post, $"/api/v1/invoices/{invoice["id"]}/send");

    /// <summary>The outcomes of the files of an invoice, the first one first.</summary>
    internal Task<IReadOnlyList<string>> OutcomesAsync(JsonNode invoice) => QueryAsync<string>(
        "SELECT outcome FROM invoice_files WHERE invoice_id = @id ORDER BY id", new { id = (long)invoice["id"]! });

    /// <summary>How many files were handed to the SDI so far.</summary>
    internal async Task<int> SentAsync() => (await Mock.CallsAsync()).Count(static call => call == "uploadstop");

    /// <summary>Whether the account of a key has sent a file.</summary>
    internal async Task<bool> HasAsync(string key, JsonNode invoice) => (await Mock.PoolAsync(key)).Any(
        entry => entry["NomeFile"] == (string)invoice["file_name"]!);

    /// <summary>What an attempt leaves whose process has ended: ten minutes ago.</summary>
    internal async Task LeaveUncertainAsync(JsonNode invoice)
    {
        var id = (long)invoice["id"]!;
        await ExecuteAsync(
            """
            UPDATE invoices SET state = 'sent' WHERE id = @id;
            UPDATE invoice_files
            SET outcome = 'uncertain', sent_at = TIMESTAMPADD(MINUTE, -10, UTC_TIMESTAMP(6)) WHERE invoice_id = @id
            """, new { id });
    }

    /// <summary>An answer of the SDI about the last file of an invoice, as the pool brings it.</summary>
    internal async Task NotifyAsync(
        JsonNode invoice, NotificationKind kind, string sdiId = "111", params string[] codes)
    {
        await using var tx = await Services.GetRequiredService<WriteTransactions>().BeginAsync(new Tenant("acme"), Ct);
        var notified = await tx.NotifyAsync(
            new FileNotification(kind, (string)invoice["file_name"]!, sdiId, DateTimeOffset.UtcNow) { Codes = codes },
            Ct);
        Assert.NotNull(notified);
        await tx.CommitAsync(Ct);
    }
}
