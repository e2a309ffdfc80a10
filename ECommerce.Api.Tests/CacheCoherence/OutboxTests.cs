using System.Collections.Concurrent;
using System.Data;
using Dapper;
using ECommerce.Api.Tests.Data;
using ECommerce.Caching;
using ECommerce.Caching.SingleFlight;
using ECommerce.ServiceDefaults.MySql;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace ECommerce.Api.Tests.CacheCoherence;

/// <summary>The outbox on a database of its own, where no relay runs but those a test starts.</summary>
public sealed class OutboxTests(ApiFixture fixture) : IAsyncLifetime, ICacheInvalidator
{
    private readonly ConcurrentQueue<string> _dropped = new();
    private readonly ManualTime _time = new();
    private UtcMySqlDataSource _source = null!;
    private InvalidationOutbox _outbox = null!;
    private InvalidationOutcome _outcome = InvalidationOutcome.Applied;
    private Action _whenDropping = static () => { };

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _source = new UtcMySqlDataSource(await fixture.MySql.CreateDatabaseAsync());
        _outbox = new InvalidationOutbox(_source);
        foreach (var statement in MigrationScript.All.Where(
            script =>
                script.Name.EndsWith("cache_outbox", StringComparison.Ordinal)
                    || script.Name.EndsWith("cache_cut_off_nodes", StringComparison.Ordinal)).SelectMany(
                        script => script.Statements))
        {
            await ExecuteAsync(statement);
        }
    }

    public ValueTask DisposeAsync() => _source.DisposeAsync();

    [Fact]
    public async Task Before_its_table_is_made_nothing_was_committed()
    {
        await ExecuteAsync("DROP TABLE cache_outbox");

        Assert.Empty(await _outbox.RecentAsync(TimeSpan.FromMinutes(10), Ct));
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
        Assert.Equal(["a", "b \"quoted\""], (await _outbox.RecentAsync(TimeSpan.Zero, Ct)).Order());
    }

    [Fact]
    public async Task A_row_is_marked_behind_the_answer_and_then_no_relay_applies_it()
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
            _time.Advance(OutboxRelay.MarkPause);
            return (await RowsAsync()).All(row => row.AppliedAt is not null);
        }, "all rows are marked");
        await MakeDueAsync();
        Assert.True(await Relay().ApplyDueAsync(Ct));
        Assert.Equal(20, _dropped.Count);
        await relay.StopAsync(Ct);
    }

    [Fact]
    public async Task A_deferred_invalidation_waits_until_a_relay_could_apply_it()
    {
        using var relay = Relay();
        _outcome = InvalidationOutcome.Deferred;
        await using var tx = await BeginAsync(relay);
        tx.Invalidate("a");
        await tx.CommitAsync(Ct);
        await MakeDueAsync();
        Assert.False(await relay.ApplyDueAsync(Ct));
        Assert.Null(Assert.Single(await RowsAsync()).AppliedAt);

        _outcome = InvalidationOutcome.Applied;
        _dropped.Clear();
        Assert.True(await relay.ApplyDueAsync(Ct));
        Assert.Empty(_dropped); // Whoever has just tried has two seconds.
        await MakeDueAsync();
        Assert.True(await relay.ApplyDueAsync(Ct));

        Assert.Equal(["a"], _dropped);
        Assert.NotNull(Assert.Single(await RowsAsync()).AppliedAt);
    }

    [Fact]
    public async Task A_deferred_row_is_not_marked_with_those_that_were_applied()
    {
        using var relay = Relay();
        await relay.StartAsync(Ct);
        foreach (var tag in (string[])["deferred", "applied"])
        {
            _outcome = tag == "deferred" ? InvalidationOutcome.Deferred : InvalidationOutcome.Applied;
            await using var tx = await BeginAsync(relay);
            tx.Invalidate(tag);
            await tx.CommitAsync(Ct);
        }
        // The relay, should it try meanwhile, applies neither.
        _outcome = InvalidationOutcome.Deferred;

        await Eventually.TrueAsync(async () =>
        {
            _time.Advance(OutboxRelay.MarkPause);
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
        _outcome = InvalidationOutcome.Deferred;
        await using var tx = await BeginAsync(relay);
        tx.Invalidate("a");
        await tx.CommitAsync(Ct);

        Assert.Equal(
            0.5, (
                await QueryAsync<double>(
                    "SELECT TIMESTAMPDIFF(MICROSECOND, created_at, due_at) / 1000000 FROM cache_outbox")).Single(),
                        0.01);
    }

    [Fact]
    public async Task A_relay_takes_what_is_due_and_leaves_the_rest_to_the_node_that_committed_it()
    {
        foreach (var (tag, due) in ((string, int)[])[("due", 0), ("just committed", 60)])
        {
            await ExecuteAsync(
                "INSERT INTO cache_outbox (tags, created_at, due_at) VALUES (JSON_ARRAY(@tag), UTC_TIMESTAMP(6), UTC_TIMESTAMP(6) + INTERVAL @due SECOND)", new { tag, due });
        }

        using var relay = Relay();

        Assert.True(await relay.ApplyDueAsync(Ct));

        Assert.Equal(["due"], _dropped);
    }

    [Fact]
    public async Task A_relay_that_lost_Redis_on_its_way_gives_back_what_it_took()
    {
        await ExecuteAsync(
            "INSERT INTO cache_outbox (tags, created_at, due_at) VALUES ('[\"a\"]', UTC_TIMESTAMP(6), UTC_TIMESTAMP(6))");
        await using var redis = await RedisServer.StartAsync();
        await using var node = await CacheNode.StartAsync(redis);
        using var relay = Relay(node.Services.GetRequiredService<CacheHealth>());
        _whenDropping = () => node.Services.GetRequiredService<CacheEngine>().Pending.Add(["kept"]);

        Assert.False(await relay.ApplyDueAsync(Ct));

        Assert.Equal(["a"], _dropped);
        Assert.Single(await _outbox.TakeDueAsync(Ct)); // The next one need not wait.
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

        Assert.Equal(tags.Order(), _dropped.Order());
    }

    [Fact]
    public async Task A_relay_neither_sees_nor_waits_for_a_commit_under_way()
    {
        using var relay = Relay();
        await using var tx = await BeginAsync(relay);
        await tx.ExecuteAsync(
            "INSERT INTO cache_outbox (tags, created_at, due_at) VALUES ('[\"under way\"]', UTC_TIMESTAMP(6), UTC_TIMESTAMP(6))", null, Ct);
        await ExecuteAsync(
            "INSERT INTO cache_outbox (tags, created_at, due_at) VALUES ('[\"other\"]', UTC_TIMESTAMP(6), UTC_TIMESTAMP(6))");

        Assert.True(await relay.ApplyDueAsync(Ct).WaitAsync(TimeSpan.FromSeconds(10), Ct));

        Assert.Equal(["other"], _dropped);
    }

    [Fact]
    public async Task A_relay_takes_rows_under_read_committed_so_that_it_locks_no_gaps()
    {
        await ExecuteAsync(
            "INSERT INTO cache_outbox (tags, created_at, due_at) VALUES ('[\"a\"]', UTC_TIMESTAMP(6), UTC_TIMESTAMP(6))");
        // Whoever locks the gap behind the row holds up the relay where it moves the row there, and it can be looked
        // at.
        await using var connection = await _source.OpenConnectionAsync(Ct);
        await using var transaction = await connection.BeginTransactionAsync(IsolationLevel.RepeatableRead, Ct);
        await connection.ExecuteAsync(
            "SELECT id FROM cache_outbox FORCE INDEX (ix_cache_outbox_due) WHERE applied_at IS NULL AND due_at > UTC_TIMESTAMP(6) FOR UPDATE", null, transaction);

        var taking = _outbox.TakeDueAsync(Ct);
        const string waiting = "SELECT id FROM information_schema.PROCESSLIST WHERE db = DATABASE() AND info LIKE 'UPDATE cache_outbox SET due_at%'";
        await Eventually.TrueAsync(async () => (await QueryAsync<long>(waiting)).Count == 1, "the relay waits");
        var level = await QueryAsync<string>(
            $"SELECT trx_isolation_level FROM information_schema.INNODB_TRX WHERE trx_mysql_thread_id IN ({waiting})");
        await transaction.RollbackAsync(Ct);

        Assert.Equal("READ COMMITTED", Assert.Single(level));
        Assert.Single(await taking);
    }

    [Fact]
    public async Task Rows_applied_more_than_ten_minutes_ago_vanish_and_waiting_ones_stay()
    {
        await ExecuteAsync(
            "INSERT INTO cache_outbox (tags, created_at, due_at, applied_at) VALUES ('[\"old\"]', UTC_TIMESTAMP(6), UTC_TIMESTAMP(6), UTC_TIMESTAMP(6) - INTERVAL 601 SECOND)",
            Enumerable.Repeat(new { }, 1100));
        await ExecuteAsync(
            "INSERT INTO cache_outbox (tags, created_at, due_at, applied_at) VALUES ('[\"young\"]', UTC_TIMESTAMP(6), UTC_TIMESTAMP(6), UTC_TIMESTAMP(6) - INTERVAL 580 SECOND)");
        await ExecuteAsync(
            "INSERT INTO cache_outbox (tags, created_at, due_at) VALUES ('[\"waiting\"]', UTC_TIMESTAMP(6) - INTERVAL 1 DAY, UTC_TIMESTAMP(6) + INTERVAL 1 DAY)");
        Assert.Equal(["waiting", "young"], (await _outbox.RecentAsync(_outbox.Reach, Ct)).Order());
        Assert.Equal(["waiting"], await _outbox.RecentAsync(TimeSpan.FromMinutes(5), Ct));
        using var relay = Relay();
        await relay.StartAsync(Ct);
        await _time.WaitForTimerAsync(OutboxRelay.CleanUpPeriod);
        Assert.Equal(1102, (await RowsAsync()).Count);

        _time.Advance(OutboxRelay.CleanUpPeriod);

        await Eventually.TrueAsync(async () => (await RowsAsync()).Count == 2, "the old rows are gone");
        await relay.StopAsync(Ct);
    }

    public ValueTask<InvalidationOutcome> InvalidatePatternAsync(
        string pattern, CancellationToken cancellationToken = default) =>
        throw new NotSupportedException("Commits name tags.");

    public ValueTask<InvalidationOutcome> InvalidateAsync(
        IReadOnlyCollection<string> tags, CancellationToken cancellationToken = default)
    {
        foreach (var tag in tags)
            _dropped.Enqueue(tag);
        _whenDropping();
        return ValueTask.FromResult(_outcome);
    }

    private OutboxRelay Relay(CacheHealth? health = null)
    {
        var schema = new SchemaState();
        schema.Ready();
        return new OutboxRelay(
            _outbox, fixture.Services.GetRequiredService<PartitionedNodes>(), this, health
                ?? fixture.Services.GetRequiredService<CacheHealth>(), schema, _time, NullLogger<OutboxRelay>.Instance);
    }

    private Task<WriteTransaction> BeginAsync(OutboxRelay relay) =>
        fixture.Services.WriteTransactions(_source, this, relay).BeginAsync(Ct);

    private Task<int> MakeDueAsync() => ExecuteAsync("UPDATE cache_outbox SET due_at = UTC_TIMESTAMP(6)");

    private Task<IReadOnlyList<Row>> RowsAsync() => QueryAsync<Row>("SELECT id, applied_at FROM cache_outbox");

    private async Task<IReadOnlyList<T>> QueryAsync<T>(string sql)
    {
        await using var connection = await _source.OpenConnectionAsync(Ct);
        return [.. await connection.QueryAsync<T>(sql)];
    }

    private async Task<int> ExecuteAsync(string sql, object? parameters = null)
    {
        await using var connection = await _source.OpenConnectionAsync(Ct);
        return await connection.ExecuteAsync(sql, parameters);
    }

    private sealed record Row(long Id, DateTime? AppliedAt);
}
