using ECommerce.Api.Tests.Mocks.FatturaPa;

namespace ECommerce.Api.Tests.FatturaPa;

/// <summary>How pools are read: by one node at a time, in pages, and from where the last poll ended.</summary>
public sealed class PollRunTests(PoolNodes nodes) : IClassFixture<PoolNodes>
{
    private const int Purchases = 510;

    [Fact]
    public async Task More_than_a_thousand_events_are_stored_once_each_by_two_replicas()
    {
        var before = await CountAsync();
        for (var number = 0; number < Purchases; number++)
        {
            await nodes.Mock.ControlAsync(
                "purchases",
                new { fileName = $"IT12345678903_B{number:0000}.xml", content = SdiFiles.Purchase($"B/{number}") });
        }

        // Whichever holds the lease reads; the other one returns at once.
        var isDone = false;
        while (!isDone)
        {
            var reports = await Task.WhenAll(nodes.PollAsync(), nodes.PollAsync(node: 1));
            Assert.All(reports.OfType<Features.Invoices.Incoming.Polling.PollReport>(), report =>
                Assert.Null(report.Error));
            isDone = reports.Any(report => report is { HasMore: false });
        }

        Assert.Equal(before + (2 * Purchases), await CountAsync());
        Assert.Equal(0, await CountAsync("outcome <> 'stored'"));
        Assert.Equal(
            [Purchases], await nodes.QueryAsync<long>(
                "SELECT COUNT(DISTINCT number) FROM pool_documents WHERE number LIKE 'B/%'"));
        Assert.Equal(
            [Purchases], await nodes.QueryAsync<long>("SELECT COUNT(*) FROM pool_documents WHERE number LIKE 'B/%'"));
    }

    [Fact]
    public async Task Second_poll_lists_what_is_new_only()
    {
        await PlaceAsync();
        await nodes.PollAsync();
        var again = await nodes.PollAsync(node: 1);
        await PlaceAsync();
        var next = await nodes.PollAsync();

        Assert.Equal((0, 0), (again!.Listed, again.Processed));
        Assert.Equal((1, 1), (next!.Listed, next.Processed));
    }

    [Fact]
    public async Task Poll_that_was_cut_off_before_the_mark_moved_is_repeated_without_duplicates()
    {
        await nodes.PollAsync();
        var mark = await MarkAsync();
        await PlaceAsync();
        await PlaceAsync();
        await nodes.PollAsync();
        var (events, documents) = (await CountAsync(), await DocumentsAsync());

        await nodes.ExecuteAsync(
            "UPDATE pool_polls SET partition_key = @Partition, row_key = @Row WHERE tenant_id = 'acme'",
            new { mark.Partition, mark.Row });
        var repeated = await nodes.PollAsync(node: 1);

        Assert.Equal((2, 0), (repeated!.Listed, repeated.Processed));
        Assert.Equal((events, documents), (await CountAsync(), await DocumentsAsync()));
        Assert.NotEqual(mark, await MarkAsync());
    }

    [Fact]
    public async Task Poll_that_was_cut_off_before_the_download_goes_on_there()
    {
        var (sdiId, name) = await PlaceAsync();
        await nodes.Mock.FaultAsync("unavailable", "download", times: 3);
        await nodes.PollAsync();
        var mark = await MarkAsync();
        Assert.Equal("pending", (string?)(await nodes.EventAsync(sdiId, name))["outcome"]);
        await nodes.MakeDueAsync();

        // Its link was not stored: it is looked up again.
        await nodes.PollAsync(node: 1);

        Assert.Equal("stored", (string?)(await nodes.EventAsync(sdiId, name))["outcome"]);
        Assert.Equal(mark, await MarkAsync());
    }

    [Fact]
    public async Task Event_whose_lease_was_taken_over_is_not_stored()
    {
        await PlaceAsync();
        await nodes.PollAsync();
        var mark = await MarkAsync();
        var (sdiId, _) = await PlaceAsync();
        await nodes.Mock.FaultAsync("slow", "table", delayMs: 1500);

        var polling = nodes.PollAsync();
        await Eventually.TrueAsync(
            async () => (await nodes.QueryAsync<long>(
                "SELECT COUNT(*) FROM locks WHERE name = 'lock:fatturapa:poll:acme' AND expires_at > UTC_TIMESTAMP(6)"))
                .Single() == 1, "the poll runs");
        await nodes.ExecuteAsync(
            "UPDATE locks SET owner = 'other#1', fence = fence + 1 WHERE name = 'lock:fatturapa:poll:acme'");
        var report = await polling;

        Assert.Null(report);
        Assert.Equal(mark, await MarkAsync());
        Assert.Equal(0, await CountAsync("sdi_id = @sdiId", sdiId));
        await nodes.ExecuteAsync("UPDATE locks SET expires_at = '2026-01-01' WHERE name = 'lock:fatturapa:poll:acme'");
        await nodes.PollAsync();
        Assert.Equal(1, await CountAsync("sdi_id = @sdiId", sdiId));
    }

    [Fact]
    public async Task Provider_that_is_away_costs_nothing_that_was_listed()
    {
        var (sdiId, name) = await PlaceAsync();
        await nodes.Mock.FaultAsync("unavailable", "pool", times: 3);

        var failed = await nodes.PollAsync();
        var row = (await nodes.QueryAsync<(string Error, int Failures)>(
            "SELECT error, failures FROM pool_polls WHERE tenant_id = 'acme'")).Single();
        var next = await nodes.PollAsync();

        Assert.Contains("the provider has an error", failed!.Error, StringComparison.Ordinal);
        Assert.Equal((failed.Error, 1), row);
        Assert.Null(next!.Error);
        Assert.Equal("stored", (string?)(await nodes.EventAsync(sdiId, name))["outcome"]);
        Assert.Equal(
            [0], await nodes.QueryAsync<int>("SELECT failures FROM pool_polls WHERE tenant_id = 'acme'"));
    }

    [Fact]
    public async Task Refused_key_is_an_error_without_the_key_and_a_new_key_reads_from_the_beginning()
    {
        await PlaceAsync();
        await nodes.PollAsync();
        var events = await CountAsync();
        await nodes.SetKeyAsync(PoolNodes.Acme, "WRONGKEY00000001");

        var refused = await nodes.PollAsync();
        await nodes.SetKeyAsync(PoolNodes.Acme, FatturaPaMock.Key);
        var again = await nodes.PollAsync();

        Assert.Contains("does not accept the API key", refused!.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("WRONGKEY", refused.Error, StringComparison.Ordinal);
        Assert.True(again!.Listed > 0);
        Assert.Equal(events, await CountAsync());
    }

    [Fact]
    public async Task No_link_to_a_file_is_stored()
    {
        await PlaceAsync();
        await nodes.PollAsync();

        var columns = await nodes.QueryAsync<string>(
            """
            SELECT CONCAT_WS('|', partition_key, row_key, kind, sdi_id, file_name, reason, detail) FROM pool_events
            UNION ALL
            SELECT CONCAT_WS('|', partition_key, row_key, error) FROM pool_polls
            """);
        Assert.NotEmpty(columns);
        Assert.All(columns, text => Assert.DoesNotContain("sig=", text, StringComparison.Ordinal));
        Assert.All(columns, text => Assert.DoesNotContain("http", text, StringComparison.Ordinal));
    }

    private async Task<(string SdiId, string Name)> PlaceAsync()
    {
        var sdiId = nodes.NewSdiId();
        var name = $"IT12345678903_{sdiId[^5..]}.xml";
        await nodes.PlaceAsync(name, SdiFiles.Purchase($"N/{sdiId}"), sdiId);
        return (sdiId, name);
    }

    private async Task<(string? Partition, string? Row)> MarkAsync() =>
        (await nodes.QueryAsync<(string?, string?)>(
            "SELECT partition_key, row_key FROM pool_polls WHERE tenant_id = 'acme'")).Single();

    private async Task<long> CountAsync(string condition = "TRUE", string? sdiId = null) =>
        (await nodes.QueryAsync<long>(
            $"SELECT COUNT(*) FROM pool_events WHERE tenant_id = 'acme' AND {condition}", new { sdiId })).Single();

    private async Task<long> DocumentsAsync() =>
        (await nodes.QueryAsync<long>("SELECT COUNT(*) FROM pool_documents")).Single();
}
