using Dapper;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace ECommerce.Api.Tests.Data;

/// <summary>A write that a concurrent one has undone is repeated once, as a whole handler.</summary>
public sealed class RepeatedWritesTests(ApiFixture fixture)
{
    private static readonly Tenant Acme = new("acme");
    private readonly DefaultHttpContext _http = new();
    private int _runs;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Lost_update_is_repeated_once()
    {
        Assert.Equal("done", await InvokeAsync(() => LoseUpdateAsync(times: 1)));
        Assert.Equal(2, _runs);
    }

    [Fact]
    public async Task Lost_update_with_if_match_is_412()
    {
        _http.Request.Headers.IfMatch = "\"1-abc\"";

        var problem = Assert.IsType<ProblemHttpResult>(await InvokeAsync(() => LoseUpdateAsync(times: 1)));

        Assert.Equal(StatusCodes.Status412PreconditionFailed, problem.StatusCode);
        Assert.Equal(1, _runs);
    }

    [Fact]
    public async Task Update_that_is_lost_twice_is_409()
    {
        var problem = Assert.IsType<ProblemHttpResult>(await InvokeAsync(() => LoseUpdateAsync(times: 2)));

        Assert.Equal(StatusCodes.Status409Conflict, problem.StatusCode);
        Assert.Equal(2, _runs);
    }

    [Fact]
    public async Task Deadlock_victim_commits_nothing_and_its_handler_is_repeated()
    {
        var admin = fixture.As("acme.admin");
        var ids = new[] { (long)(await admin.CustomerAsync())["id"]!,
            (long)(await admin.CustomerAsync())["id"]! }.Order().ToArray();
        var transactions = fixture.Services.GetRequiredService<WriteTransactions>();

        Assert.Equal("done", await InvokeAsync(async () =>
        {
            await using var tx = await transactions.BeginAsync(Acme, Ct);
            if (_runs == 1)
                await BecomeVictimAsync(tx, ids);
            (await tx.Db.Customers.Where(c => c.Id == ids[0]).ForUpdate().SingleAsync(Ct)).Notes = $"run {_runs}";
            await tx.CommitAsync(Ct);
        }));

        Assert.Equal(2, _runs);
        Assert.Equal(
            "run 2", (
                await fixture.QueryAsync<string>(
                    "SELECT notes FROM customers WHERE id = @id", new { id = ids[0] })).Single());
    }

    // Two transactions lock two rows in opposite order; the one that has written less is chosen.
    private async Task BecomeVictimAsync(WriteTransaction tx, long[] ids)
    {
        await using var other = await fixture.Services.GetRequiredService<System.Data.Common.DbDataSource>()
            .OpenConnectionAsync(Ct);
        await other.ExecuteAsync(
            "START TRANSACTION; UPDATE customers SET notes = 'other' WHERE id = @id", new { id = ids[1] });
        await other.ExecuteAsync(
            """
            UPDATE customers SET website = 'x' WHERE id = @id;
            INSERT INTO locks (name, owner, fence, expires_at)
            VALUES (UUID(), '', 1, UTC_TIMESTAMP(6)), (UUID(), '', 1, UTC_TIMESTAMP(6))
            """,
            new { id = ids[1] });
        await tx.Db.Customers.Where(c => c.Id == ids[0]).ForUpdate().SingleAsync(Ct);
        var waiting = other.ExecuteAsync("UPDATE customers SET notes = 'other' WHERE id = @id", new { id = ids[0] });
        // Not INNODB_TRX: the server renews what that table shows only after a tenth of a second without a query of it.
        await Eventually.TrueAsync(
            async () =>
                (await fixture.QueryAsync<(string Type, string Name, string Status)>("SHOW ENGINE INNODB STATUS"))
                .Single().Status.Contains("LOCK WAIT", StringComparison.Ordinal),
            "the other transaction waits");
        try
        {
            await tx.Db.Customers.Where(c => c.Id == ids[1]).ForUpdate().SingleAsync(Ct);
        }
        catch (Exception exception)
        {
            await waiting;
            await other.ExecuteAsync("ROLLBACK");
            await Assert.ThrowsAsync<InvalidOperationException>(() => tx.CommitAsync(Ct));
            Assert.True(DatabaseErrors.IsDeadlock(exception), exception.ToString());
            throw;
        }
        await other.ExecuteAsync("ROLLBACK");
        throw new InvalidOperationException("There was no deadlock.");
    }

    private ValueTask<object?> InvokeAsync(Func<Task> handler) => new RepeatedWrites().InvokeAsync(
        new DefaultEndpointFilterInvocationContext(_http),
        async _ =>
        {
            _runs++;
            await handler();
            return "done";
        });

    private Task LoseUpdateAsync(int times) =>
        _runs <= times
            ? throw new DbUpdateConcurrencyException("The row was changed by another transaction.")
            : Task.CompletedTask;
}
