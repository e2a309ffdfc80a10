using System.Data.Common;
using Dapper;
using ECommerce.Caching;
using ECommerce.ServiceDefaults.MySql;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace ECommerce.Api.Tests.Data;

public sealed class WriteTransactionTests(ApiFixture fixture) : ICacheInvalidator
{
    private readonly List<string> _dropped = [];
    private readonly DefaultHttpContext _http = new();
    private InvalidationOutcome _outcome = InvalidationOutcome.Applied;
    private Func<Task> _whenDropping = static () => Task.CompletedTask;

    [Fact]
    public async Task A_commit_drops_what_was_named_once_the_data_is_there()
    {
        var name = Samples.Unique("drop");
        var seen = 0;
        _whenDropping = async () => seen = (await RowsAsync(name)).Count;
        await using var tx = await Database().BeginAsync(CancellationToken.None);
        await InsertAsync(tx, name);
        tx.Invalidate("a", "b");
        tx.Invalidate(["b", "c"]);

        await tx.CommitAsync(CancellationToken.None);

        Assert.Equal(["a", "b", "c"], _dropped.Order());
        Assert.Equal(1, seen);
        Assert.False(_http.Response.Headers.ContainsKey("Cache-Invalidation"));
    }

    [Fact]
    public async Task A_rollback_leaves_no_data_and_drops_nothing()
    {
        var name = Samples.Unique("rollback");
        await using (var tx = await Database().BeginAsync(CancellationToken.None))
        {
            await InsertAsync(tx, name);
            tx.Invalidate("a");
        }

        Assert.Empty(await RowsAsync(name));
        Assert.Empty(_dropped);
    }

    [Fact]
    public async Task A_transaction_sees_what_others_have_committed_since_it_began()
    {
        var name = Samples.Unique("committed");
        await using var tx = await Database().BeginAsync(CancellationToken.None);
        Assert.Equal(0, await CountAsync());
        await fixture.ExecuteAsync(
            "INSERT INTO locks (name, owner, fence, expires_at) VALUES (@name, '', 1, UTC_TIMESTAMP(6))",
            new { name });

        Assert.Equal(1, await CountAsync());

        Task<long> CountAsync() =>
            tx.ScalarAsync<long>(
                "SELECT COUNT(*) FROM locks WHERE name = @name", new { name },
                CancellationToken.None);
    }

    [Fact]
    public async Task A_request_that_was_given_up_before_the_commit_writes_nothing()
    {
        var name = Samples.Unique("givenup");
        await using (var tx = await Database().BeginAsync(CancellationToken.None))
        {
            await InsertAsync(tx, name);
            tx.Invalidate("a");
            await Assert.ThrowsAnyAsync<OperationCanceledException>(
                () => tx.CommitAsync(new CancellationToken(canceled: true)));
        }

        Assert.Empty(await RowsAsync(name));
        Assert.Empty(_dropped);
    }

    [Fact]
    public async Task A_deferred_invalidation_is_named_in_the_response()
    {
        _outcome = InvalidationOutcome.Deferred;
        await using var tx = await Database().BeginAsync(CancellationToken.None);
        tx.Invalidate("a");

        await tx.CommitAsync(CancellationToken.None);

        Assert.Equal("deferred", _http.Response.Headers["Cache-Invalidation"]);
    }

    [Fact]
    public async Task An_invalidation_is_deferred_while_a_partitioned_node_serves()
    {
        var nodes = fixture.Services.GetRequiredService<PartitionedNodes>();
        var node = Samples.Unique("node");
        await nodes.AnnounceAsync(node, TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken);
        await nodes.LookAsync(TestContext.Current.CancellationToken);
        await using (var tx = await Database().BeginAsync(CancellationToken.None))
        {
            tx.Invalidate("a");
            await tx.CommitAsync(CancellationToken.None);
        }
        await nodes.AnnounceAsync(node, TimeSpan.Zero, TestContext.Current.CancellationToken);
        // The writes of other tests use the last look.
        await nodes.LookAsync(TestContext.Current.CancellationToken);

        Assert.Equal("deferred", _http.Response.Headers["Cache-Invalidation"]);
        await Eventually.TrueAsync(
            async () =>
                (await fixture.QueryAsync<long>(
                    "SELECT COUNT(*) FROM cache_outbox WHERE tags = '[\"a\"]' AND applied_at IS NULL")).Single() == 0,
                        "it is applied all the same");
    }

    [Fact]
    public async Task A_commit_that_broke_on_the_way_drops_all_the_same()
    {
        await using var tx = await Database().BeginAsync(CancellationToken.None);
        var session = await tx.ScalarAsync<long>("SELECT CONNECTION_ID()", null, CancellationToken.None);
        tx.Invalidate("a");
        await using var backup = await fixture.Services.GetRequiredService<DbDataSource>()
            .OpenConnectionAsync(TestContext.Current.CancellationToken);
        // A backup at this stage admits writes and blocks commits.
        // It waits for tables that other tests have locked.
        const int Patience = 60;
        await backup.ExecuteAsync("BACKUP STAGE START", commandTimeout: Patience);
        await backup.ExecuteAsync("BACKUP STAGE BLOCK_COMMIT", commandTimeout: Patience);
        try
        {
            var committing = tx.CommitAsync(CancellationToken.None);
            await Eventually.TrueAsync(
                async () =>
                    (await backup.QueryAsync<string>(
                        "SELECT info FROM information_schema.PROCESSLIST WHERE id = @session",
                        new { session })).SingleOrDefault() == "COMMIT",
                "the commit is on its way");
            await backup.ExecuteAsync($"KILL {session}");

            Assert.False((await Assert.ThrowsAsync<CommitOutcomeUnknownException>(() => committing)).IsRepeatable);
        }
        finally
        {
            await backup.ExecuteAsync("BACKUP STAGE END");
        }

        Assert.Equal(["a"], _dropped);
    }

    [Fact]
    public async Task A_connection_that_broke_before_the_commit_writes_nothing_and_may_drop_too_much()
    {
        await using var tx = await Database().BeginAsync(CancellationToken.None);
        var session = await tx.ScalarAsync<long>("SELECT CONNECTION_ID()", null, CancellationToken.None);
        tx.Invalidate("never committed");
        await fixture.ExecuteAsync($"KILL {session}");

        await Assert.ThrowsAsync<CommitOutcomeUnknownException>(() => tx.CommitAsync(CancellationToken.None));

        // The row is deleted with the commit, so a waiter cannot distinguish the two outcomes.
        Assert.Equal(["never committed"], _dropped);
        Assert.Equal(
            0, (await fixture.QueryAsync<long>(
                "SELECT COUNT(*) FROM cache_outbox WHERE tags = '[\"never committed\"]'")).Single());
    }

    [Fact]
    public async Task Failed_begin_rolls_back_before_its_session_returns_to_the_pool()
    {
        await using var source = new UtcMySqlDataSource(
            fixture.Services.GetRequiredService<IConfiguration>().GetConnectionString("ecommerce")
                + ";Max Pool Size=1");
        var key = Samples.Unique("taken");
        await fixture.ExecuteAsync(
            """
            INSERT INTO idempotency_keys (tenant_id, idempotency_key, body_hash, expires_at)
            VALUES ('acme', @key, '', UTC_TIMESTAMP(6))
            """,
            new { key });
        _http.Features.Set(new IdempotencyClaim(new Tenant("acme"), key, [], DateTime.UtcNow));

        await Assert.ThrowsAsync<DuplicateRequestException>(() => Database(source).BeginAsync(CancellationToken.None));

        await using var session = await source.OpenConnectionAsync(TestContext.Current.CancellationToken);
        Assert.False(await session.ExecuteScalarAsync<bool>("SELECT @@in_transaction"));
    }

    [Fact]
    public async Task Session_and_its_times_are_in_utc_whatever_the_zone_of_the_server()
    {
        await using var mySql = await LocalMySql.StartNewAsync();
        await using (var other = new UtcMySqlDataSource(mySql.ConnectionString("mysql")))
        await using (var admin = await other.OpenConnectionAsync(TestContext.Current.CancellationToken))
            await admin.ExecuteAsync("SET GLOBAL time_zone = '+05:00'");
        await using var source = new UtcMySqlDataSource(mySql.ConnectionString("mysql") + ";Max Pool Size=1");

        // The second one comes out of the pool.
        for (var i = 0; i < 2; i++)
        {
            await using var session = await source.OpenConnectionAsync(TestContext.Current.CancellationToken);
            var (now, utc) = await session.QuerySingleAsync<(DateTime, DateTime)>("SELECT NOW(6), UTC_TIMESTAMP(6)");
            Assert.Equal(utc, now);
            Assert.Equal(DateTimeKind.Utc, now.Kind);
        }
    }

    public ValueTask<InvalidationOutcome> InvalidatePatternAsync(
        string pattern, CancellationToken cancellationToken = default) =>
        throw new NotSupportedException("Commits name tags.");

    public async ValueTask<InvalidationOutcome> InvalidateAsync(
        IReadOnlyCollection<string> tags, CancellationToken cancellationToken = default)
    {
        await _whenDropping();
        _dropped.AddRange(tags);
        return _outcome;
    }

    private WriteTransactions Database(DbDataSource? source = null) =>
        fixture.Services.WriteTransactions(
            source ?? fixture.Services.GetRequiredService<DbDataSource>(), this,
            fixture.Services.GetRequiredService<OutboxRelay>(), new HttpContextAccessor { HttpContext = _http });

    private static Task<int> InsertAsync(WriteTransaction tx, string name) => tx.ExecuteAsync(
        "INSERT INTO locks (name, owner, fence, expires_at) VALUES (@name, '', 1, UTC_TIMESTAMP(6))",
        new { name }, CancellationToken.None);

    private Task<IReadOnlyList<string>> RowsAsync(string name) =>
        fixture.QueryAsync<string>("SELECT name FROM locks WHERE name = @name", new { name });
}
