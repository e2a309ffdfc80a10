using ECommerce.Caching;

namespace ECommerce.Api.Tests.CacheCoherence;

/// <summary>What a commit writes to the outbox, when its rows are marked as applied and when deleted.</summary>
public sealed class OutboxTests(ApiFixture fixture) : OutboxDatabaseTests(fixture)
{
    [Fact]
    public async Task Without_its_table_the_outbox_is_empty()
    {
        await ExecuteAsync("DROP TABLE cache_outbox");

        Assert.Empty(await Outbox.RecentAsync(TimeSpan.FromMinutes(10), Ct));
    }

    [Fact]
    public async Task A_commit_writes_one_row_with_its_data_and_a_rollback_writes_none()
    {
        using var relay = Relay();
        await using (var tx = await BeginAsync(relay))
        {
            tx.Invalidate("a", "b \"quoted\"");
            Assert.Empty(await RowsAsync());
            await tx.CommitAsync(Ct);
        }
        await using (var tx = await BeginAsync(relay))
            tx.Invalidate("never");
        await using (var tx = await BeginAsync(relay))
            await tx.CommitAsync(Ct);

        Assert.Single(await RowsAsync());
        Assert.Equal(["a", "b \"quoted\""], (await Outbox.RecentAsync(TimeSpan.Zero, Ct)).Order());
    }

    [Fact]
    public async Task A_row_is_marked_applied_after_the_response_and_no_relay_applies_it_again()
    {
        using var relay = Relay();
        await relay.StartAsync(Ct);
        for (var i = 0; i < 20; i++)
        {
            await using var tx = await BeginAsync(relay);
            tx.Invalidate($"tag{i}");
            await tx.CommitAsync(Ct);
        }

        await Eventually.TrueAsync(async () =>
        {
            Time.Advance(OutboxRelay.MarkPause);
            return (await RowsAsync()).All(row => row.AppliedAt is not null);
        }, "all rows are marked");
        await MakeDueAsync();
        Assert.True(await Relay().ApplyDueAsync(Ct));
        Assert.Equal(20, Dropped.Count);
        await relay.StopAsync(Ct);
    }

    [Fact]
    public async Task A_deferred_row_is_not_marked_with_those_that_were_applied()
    {
        using var relay = Relay();
        await relay.StartAsync(Ct);
        foreach (var tag in (string[])["deferred", "applied"])
        {
            Outcome = tag == "deferred" ? InvalidationOutcome.Deferred : InvalidationOutcome.Applied;
            await using var tx = await BeginAsync(relay);
            tx.Invalidate(tag);
            await tx.CommitAsync(Ct);
        }
        // The relay, should it try meanwhile, applies neither.
        Outcome = InvalidationOutcome.Deferred;

        await Eventually.TrueAsync(async () =>
        {
            Time.Advance(OutboxRelay.MarkPause);
            return (await RowsAsync()).Any(row => row.AppliedAt is not null);
        }, "one is marked");

        Assert.Equal(
            ["[\"deferred\"]"], await QueryAsync<string>("SELECT tags FROM cache_outbox WHERE applied_at IS NULL"));
        await relay.StopAsync(Ct);
    }

    [Fact]
    public async Task The_node_that_commits_has_half_a_second_to_apply()
    {
        using var relay = Relay();
        Outcome = InvalidationOutcome.Deferred;
        await using var tx = await BeginAsync(relay);
        tx.Invalidate("a");
        await tx.CommitAsync(Ct);

        var seconds = await QueryAsync<double>(
            "SELECT TIMESTAMPDIFF(MICROSECOND, created_at, due_at) / 1000000 FROM cache_outbox");

        Assert.Equal(0.5, Assert.Single(seconds), 0.01);
    }

    [Fact]
    public async Task Rows_applied_more_than_ten_minutes_ago_vanish_and_waiting_ones_stay()
    {
        await ExecuteAsync(
            """
            INSERT INTO cache_outbox (tags, created_at, due_at, applied_at)
            VALUES ('["old"]', UTC_TIMESTAMP(6), UTC_TIMESTAMP(6), UTC_TIMESTAMP(6) - INTERVAL 601 SECOND)
            """,
            Enumerable.Repeat(new { }, 1100));
        await ExecuteAsync(
            """
            INSERT INTO cache_outbox (tags, created_at, due_at, applied_at)
            VALUES ('["young"]', UTC_TIMESTAMP(6), UTC_TIMESTAMP(6), UTC_TIMESTAMP(6) - INTERVAL 580 SECOND)
            """);
        await ExecuteAsync(
            """
            INSERT INTO cache_outbox (tags, created_at, due_at)
            VALUES ('["waiting"]', UTC_TIMESTAMP(6) - INTERVAL 1 DAY, UTC_TIMESTAMP(6) + INTERVAL 1 DAY)
            """);
        Assert.Equal(["waiting", "young"], (await Outbox.RecentAsync(Outbox.Reach, Ct)).Order());
        Assert.Equal(["waiting"], await Outbox.RecentAsync(TimeSpan.FromMinutes(5), Ct));
        using var relay = Relay();
        await relay.StartAsync(Ct);
        await Time.WaitForTimerAsync(OutboxRelay.CleanUpPeriod);
        Assert.Equal(1102, (await RowsAsync()).Count);

        Time.Advance(OutboxRelay.CleanUpPeriod);

        await Eventually.TrueAsync(async () => (await RowsAsync()).Count == 2, "the old rows are gone");
        await relay.StopAsync(Ct);
    }
}
