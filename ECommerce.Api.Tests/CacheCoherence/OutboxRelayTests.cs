using System.Data;
using Dapper;
using ECommerce.Caching;
using ECommerce.Caching.SingleFlight;
using Microsoft.Extensions.DependencyInjection;

namespace ECommerce.Api.Tests.CacheCoherence;

/// <summary>Which rows of the outbox a relay applies, and what it locks meanwhile.</summary>
public sealed class OutboxRelayTests(ApiFixture fixture) : OutboxDatabaseTests(fixture)
{
    [Fact]
    public async Task A_deferred_invalidation_waits_until_a_relay_could_apply_it()
    {
        using var relay = Relay();
        Outcome = InvalidationOutcome.Deferred;
        await using var tx = await BeginAsync(relay);
        tx.Invalidate("a");
        await tx.CommitAsync(Ct);
        await MakeDueAsync();
        Assert.False(await relay.ApplyDueAsync(Ct));
        Assert.Null(Assert.Single(await RowsAsync()).AppliedAt);

        Outcome = InvalidationOutcome.Applied;
        Dropped.Clear();
        Assert.True(await relay.ApplyDueAsync(Ct));
        Assert.Empty(Dropped); // The claim of the first attempt holds the row for two seconds.
        await MakeDueAsync();
        Assert.True(await relay.ApplyDueAsync(Ct));

        Assert.Equal(["a"], Dropped);
        Assert.NotNull(Assert.Single(await RowsAsync()).AppliedAt);
    }

    [Fact]
    public async Task A_relay_takes_what_is_due_and_leaves_the_rest_to_the_node_that_committed_it()
    {
        foreach (var (tag, due) in ((string, int)[])[("due", 0), ("just committed", 60)])
        {
            await ExecuteAsync(
                """
                INSERT INTO cache_outbox (tags, created_at, due_at)
                VALUES (JSON_ARRAY(@tag), UTC_TIMESTAMP(6), UTC_TIMESTAMP(6) + INTERVAL @due SECOND)
                """,
                new { tag, due });
        }

        using var relay = Relay();

        Assert.True(await relay.ApplyDueAsync(Ct));

        Assert.Equal(["due"], Dropped);
    }

    [Fact]
    public async Task A_relay_that_lost_Redis_on_its_way_releases_its_claim()
    {
        await AddDueAsync("a");
        await using var redis = await RedisServer.StartAsync();
        await using var node = await CacheNode.StartAsync(redis);
        using var relay = Relay(node.Services.GetRequiredService<CacheHealth>());
        WhenDropping = () => node.Services.GetRequiredService<CacheEngine>().Pending.Add(["kept"]);

        Assert.False(await relay.ApplyDueAsync(Ct));

        Assert.Equal(["a"], Dropped);
        Assert.Single(await Outbox.TakeDueAsync(Ct)); // The next one need not wait.
    }

    [Fact]
    public async Task A_node_whose_Redis_has_failed_drops_what_no_node_has_applied_within_a_second()
    {
        await using var redis = await RedisServer.StartAsync();
        await using var node = await CacheNode.StartAsync(redis);
        node.Services.GetRequiredService<CacheEngine>().Pending.Add(["kept"]);
        using var relay = Relay(node.Services.GetRequiredService<CacheHealth>());
        await AddAsync("young", age: 0.3);
        await AddAsync("overdue", age: 1.2);

        Assert.False(await relay.ApplyDueAsync(Ct));
        await relay.ApplyOverdueHereAsync(Ct);
        await relay.ApplyOverdueHereAsync(Ct);

        Assert.Equal(["overdue"], Dropped);
        Assert.All(await RowsAsync(), row => Assert.Null(row.AppliedAt));
    }

    [Fact]
    public async Task What_another_relay_has_claimed_and_not_applied_within_a_second_is_dropped_here_too()
    {
        await AddAsync("claimed", age: 1.2);
        Assert.Single(await Outbox.TakeDueAsync(Ct));
        using var relay = Relay();

        Assert.True(await relay.ApplyDueAsync(Ct));
        await relay.ApplyOverdueHereAsync(Ct);

        Assert.Equal(["claimed"], Dropped);
    }

    [Fact]
    public async Task What_a_relay_gave_back_before_it_had_dropped_all_of_it_is_dropped_here()
    {
        // More tags than one call drops.
        var tags = Enumerable.Range(0, 501).Select(i => $"tag{i}").ToArray();
        await ExecuteAsync(
            """
            INSERT INTO cache_outbox (tags, created_at, due_at)
            VALUES (@json, UTC_TIMESTAMP(6) - INTERVAL 1200000 MICROSECOND, UTC_TIMESTAMP(6))
            """,
            new { json = System.Text.Json.JsonSerializer.Serialize(tags) });
        await using var redis = await RedisServer.StartAsync();
        await using var node = await CacheNode.StartAsync(redis);
        using var relay = Relay(node.Services.GetRequiredService<CacheHealth>());
        WhenDropping = () => node.Services.GetRequiredService<CacheEngine>().Pending.Add(["kept"]);
        Assert.False(await relay.ApplyDueAsync(Ct));
        Assert.Equal(500, Dropped.Count);

        await relay.ApplyOverdueHereAsync(Ct);

        Assert.Equal(tags.Order(), Dropped.Distinct().Order());
    }

    [Fact]
    public async Task What_a_relay_has_applied_itself_it_does_not_drop_again()
    {
        await AddAsync("a", age: 1.2);
        Outcome = InvalidationOutcome.Deferred;
        using var relay = Relay();

        Assert.False(await relay.ApplyDueAsync(Ct));
        await relay.ApplyOverdueHereAsync(Ct);

        Assert.Equal(["a"], Dropped);
    }

    [Fact]
    public async Task Of_very_many_overdue_rows_everything_is_dropped()
    {
        await ExecuteAsync(
            """
            INSERT INTO cache_outbox (tags, created_at, due_at)
            SELECT JSON_ARRAY(CONCAT('tag', seq)), UTC_TIMESTAMP(6) - INTERVAL 2 SECOND, UTC_TIMESTAMP(6)
            FROM seq_1_to_1001
            """);
        using var relay = Relay();

        await relay.ApplyOverdueHereAsync(Ct);

        Assert.Equal([CacheTags.Everything], Dropped);
    }

    [Fact]
    public async Task Two_relays_apply_each_row_once()
    {
        var tags = Enumerable.Range(0, 450).Select(i => $"tag{i}").ToArray();
        await ExecuteAsync(
            "INSERT INTO cache_outbox (tags, created_at, due_at) VALUES (@json, UTC_TIMESTAMP(6), UTC_TIMESTAMP(6))",
            tags.Select(tag => new { json = $"[\"{tag}\"]" }));
        using var one = Relay();
        using var two = Relay();

        // What one of them has locked the other does not wait for, so it may see fewer than a batch and stop: hence
        // rounds.
        while ((await RowsAsync()).Any(row => row.AppliedAt is null))
            await Task.WhenAll(one.ApplyDueAsync(Ct), two.ApplyDueAsync(Ct));

        Assert.Equal(tags.Order(), Dropped.Order());
    }

    [Fact]
    public async Task A_relay_neither_sees_nor_waits_for_a_commit_under_way()
    {
        using var relay = Relay();
        await using var tx = await BeginAsync(relay);
        await tx.ExecuteAsync(
            """
            INSERT INTO cache_outbox (tags, created_at, due_at)
            VALUES ('["under way"]', UTC_TIMESTAMP(6), UTC_TIMESTAMP(6))
            """,
            null, Ct);
        await AddDueAsync("other");

        Assert.True(await relay.ApplyDueAsync(Ct).WaitAsync(TimeSpan.FromSeconds(10), Ct));

        Assert.Equal(["other"], Dropped);
    }

    [Fact]
    public async Task A_relay_takes_rows_under_read_committed_so_that_it_locks_no_gaps()
    {
        await AddDueAsync("a");
        // The relay moves the row into the gap behind it: a lock on that gap stops the relay there, so that its
        // transaction can be read.
        await using var connection = await Source.OpenConnectionAsync(Ct);
        await using var transaction = await connection.BeginTransactionAsync(IsolationLevel.RepeatableRead, Ct);
        await connection.ExecuteAsync(
            """
            SELECT id FROM cache_outbox FORCE INDEX (ix_cache_outbox_due)
            WHERE applied_at IS NULL AND due_at > UTC_TIMESTAMP(6)
            FOR UPDATE
            """,
            null, transaction);

        var taking = Outbox.TakeDueAsync(Ct);
        // The statement is listed a moment before its transaction is, and the server renews the list of transactions
        // only after a tenth of a second without a query of it.
        string[] levels = [];
        await Eventually.TrueAsync(
            async () => (levels = [.. await QueryAsync<string>(
                """
                SELECT trx_isolation_level FROM information_schema.INNODB_TRX
                JOIN information_schema.PROCESSLIST ON id = trx_mysql_thread_id
                WHERE db = DATABASE() AND info LIKE 'UPDATE cache_outbox SET due_at%'
                """)]).Length > 0,
            "the relay waits", every: TimeSpan.FromMilliseconds(150));
        await transaction.RollbackAsync(Ct);

        Assert.Equal("READ COMMITTED", Assert.Single(levels));
        Assert.Single(await taking);
    }

    private Task<int> AddAsync(string tag, double age) => ExecuteAsync(
        """
        INSERT INTO cache_outbox (tags, created_at, due_at)
        VALUES (
            JSON_ARRAY(@tag), TIMESTAMPADD(MICROSECOND, -@age * 1000000, UTC_TIMESTAMP(6)), UTC_TIMESTAMP(6))
        """,
        new { tag, age });
}
