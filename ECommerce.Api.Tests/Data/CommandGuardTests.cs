using System.Data.Common;
using Dapper;
using ECommerce.Features.Data.Entities;
using ECommerce.ServiceDefaults.MySql;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Caching.Hybrid;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace ECommerce.Api.Tests.Data;

/// <summary>What the context and its write transaction refuse, each with a message that names the way.</summary>
public sealed class CommandGuardTests(ApiFixture fixture)
{
    private static readonly Tenant Acme = new("acme");

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private WriteTransactions Transactions => fixture.Services.GetRequiredService<WriteTransactions>();

    private TenantDbContexts Contexts => fixture.Services.GetRequiredService<TenantDbContexts>();

    [Fact]
    public async Task Statement_past_the_change_tracker_names_its_tags_or_is_refused()
    {
        await using var tx = await Transactions.BeginAsync(Acme, Ct);

        await RefusedAsync(() => UpdateAsync(tx.Db), "BulkAsync");
        await RefusedAsync(() => tx.Db.Orders.Where(o => o.Id < 0).ExecuteDeleteAsync(Ct), "BulkAsync");
        await RefusedAsync(
            () => tx.Db.Database.ExecuteSqlRawAsync("UPDATE orders SET notes = '' WHERE id < 0", Ct), "BulkAsync");
        await RefusedAsync(() => tx.Db.Database.SqlQueryRaw<long>("SELECT 1 AS Value").ToListAsync(Ct), "BulkAsync");
        Assert.Equal(0, await tx.BulkAsync(["a"], UpdateAsync));

        static Task<int> UpdateAsync(ECommerceDbContext db) =>
            db.Orders.Where(o => o.Id < 0).ExecuteUpdateAsync(set => set.SetProperty(o => o.Notes, ""), Ct);
    }

    [Fact]
    public async Task Save_outside_a_write_transaction_is_refused()
    {
        await using var db = Contexts.ForReading(Acme);
        db.Add(NewCustomer());

        await RefusedAsync(() => db.SaveChangesAsync(Ct), "WriteTransactions.BeginAsync");
        Assert.Throws<NotSupportedException>(() => db.SaveChanges());
    }

    [Fact]
    public async Task Synchronous_statement_is_refused()
    {
        await using var db = Contexts.ForReading(Acme);

        Assert.Throws<NotSupportedException>(() => db.Customers.ToList());
        Assert.Throws<NotSupportedException>(() => db.Customers.Count());
    }

    [Fact]
    public async Task Row_that_was_not_read_for_update_cannot_be_changed()
    {
        var id = await NewCustomerIdAsync();
        Func<ECommerceDbContext, Task>[] ways =
        [
            db => Task.FromResult(db.Attach(NewCustomer(id))),
            db => Task.FromResult(db.Update(NewCustomer(id))),
            db => Task.FromResult(db.Remove(NewCustomer(id))),
            db => Task.FromResult(db.Entry(NewCustomer(id)).State = EntityState.Modified),
            db => db.Customers.Where(c => c.Id == id).AsTracking().SingleAsync(Ct),
        ];
        foreach (var way in ways)
        {
            await using var tx = await Transactions.BeginAsync(Acme, Ct);
            await RefusedAsync(() => way(tx.Db), "ForUpdate()");
            await Assert.ThrowsAsync<InvalidOperationException>(() => tx.CommitAsync(Ct));
        }
    }

    [Fact]
    public async Task Row_of_another_tenant_is_neither_seen_nor_written()
    {
        var id = await NewCustomerIdAsync();
        await using var tx = await Transactions.BeginAsync(new Tenant("globex"), Ct);

        Assert.Null(await tx.Db.Customers.Where(c => c.Id == id).ForUpdate().SingleOrDefaultAsync(Ct));
        Assert.Throws<InvalidOperationException>(() => tx.Db.Add(new Customer { Tenant = Acme }));
        tx.Db.AddRange(new Customer { Tenant = Acme, Firstname = "x", Lastname = "x", Email = "x" });
        await RefusedAsync(() => tx.SaveAsync(Ct), "acme");
        Assert.Throws<NotSupportedException>(() => tx.Db.Set<Customer>());
    }

    [Fact]
    public async Task Failed_statement_dooms_the_transaction()
    {
        var id = await NewCustomerIdAsync();
        Func<WriteTransaction, Task>[] failures =
        [
            tx => tx.ExecuteAsync("UPDATE no_such_table SET x = 1", null, Ct),
            async tx =>
            {
                tx.Db.Add(NewCustomer()).Entity.LangId = -1;
                await tx.SaveAsync(Ct);
            },
            tx =>
                tx.Db.Customers.Select(c => EF.Functions.Like(c.Email, "x") ? 1 : 0)
                    .ToListAsync(new CancellationToken(canceled: true)),
        ];
        foreach (var failure in failures)
        {
            await using var tx = await Transactions.BeginAsync(Acme, Ct);
            (await tx.Db.Customers.Where(c => c.Id == id).ForUpdate().SingleAsync(Ct)).Notes = "doomed";
            await tx.SaveAsync(Ct);
            await Assert.ThrowsAnyAsync<Exception>(() => failure(tx));

            if (failure != failures[2])
                await RefusedAsync(() => tx.CommitAsync(Ct), "cannot be continued or committed");
        }
        Assert.Null(
            (await fixture.QueryAsync<string?>("SELECT notes FROM customers WHERE id = @id", new { id })).Single());
    }

    [Fact]
    public async Task Duplicate_key_of_one_statement_does_not_doom_the_transaction()
    {
        var name = Samples.Unique("duplicate");
        const string insert =
            "INSERT INTO locks (name, owner, fence, expires_at) VALUES (@name, '', 1, UTC_TIMESTAMP(6))";
        await using var tx = await Transactions.BeginAsync(Ct);
        await tx.ExecuteAsync(insert, new { name }, Ct);
        await Assert.ThrowsAnyAsync<DbException>(() => tx.ExecuteAsync(insert, new { name }, Ct));

        await tx.CommitAsync(Ct);

        Assert.Single(
            await fixture.QueryAsync<string>(
                "SELECT name FROM locks WHERE name = @name", new { name }));
    }

    [Fact]
    public async Task Other_context_inside_a_write_transaction_is_refused()
    {
        await using (var tx = await Transactions.BeginAsync(Acme, Ct))
            Assert.Throws<InvalidOperationException>(() => Contexts.ForReading(Acme));

        await using var db = Contexts.ForReading(Acme);
        Assert.True(await db.OrderStates.AnyAsync(Ct));
    }

    [Fact]
    public async Task Cache_read_inside_a_write_transaction_is_refused_hit_or_miss()
    {
        var cache = fixture.Services.GetRequiredService<HybridCache>();
        var (cached, missing) = (Samples.Unique("cached"), Samples.Unique("missing"));
        Assert.Equal(1, await ReadAsync(cached));
        await using (var tx = await Transactions.BeginAsync(Acme, Ct))
        {
            await RefusedAsync(() => ReadAsync(cached), "write transaction");
            await RefusedAsync(() => ReadAsync(missing), "write transaction");
        }

        Assert.Equal(1, await ReadAsync(cached));
        Assert.Equal(1, await ReadAsync(missing));

        Task<int> ReadAsync(string key) =>
            cache.GetOrCreateAsync(key, 0, static (_, _) => ValueTask.FromResult(1), cancellationToken: Ct).AsTask();
    }

    [Fact]
    public async Task Pooled_context_returns_clean_and_gives_its_session_back()
    {
        await using var source = new UtcMySqlDataSource(
            fixture.Services.GetRequiredService<IConfiguration>().GetConnectionString("ecommerce")
                + ";Max Pool Size=1;Connection Timeout=2");
        var contexts = new TenantDbContexts(
            source, fixture.Services.GetRequiredService<IDbContextFactory<ECommerceDbContext>>());
        var transactions = fixture.Services.WriteTransactions(
            source,
            fixture.Services.GetRequiredService<ECommerce.Caching.ICacheInvalidator>(),
            fixture.Services.GetRequiredService<OutboxRelay>());
        for (var i = 0; i < 3; i++)
        {
            await using (var tx = await transactions.BeginAsync(Acme, Ct))
                tx.Db.Add(NewCustomer());
            await using (var db = contexts.ForReading(Acme))
            {
                Assert.Empty(db.ChangeTracker.Entries());
                Assert.Equal(
                    1, await TenantDbContexts.InSnapshotAsync(db, () => db.Langs.Select(_ => 1).FirstAsync(Ct), Ct));
            }
            await using var session = await source.OpenConnectionAsync(Ct);
            Assert.False(await session.ExecuteScalarAsync<bool>("SELECT @@in_transaction"));
        }
    }

    private static async Task RefusedAsync(Func<Task> action, string way)
    {
        var refusal = await Assert.ThrowsAsync<InvalidOperationException>(action);
        Assert.Contains(way, refusal.Message, StringComparison.Ordinal);
    }

    private async Task<long> NewCustomerIdAsync() => (long)(await fixture.As("acme.admin").CustomerAsync())["id"]!;

    private static Customer NewCustomer(long id = 0) =>
        new()
        {
            Id = id,
            Tenant = Acme,
            Firstname = "a",
            Lastname = "b",
            Email = "a@b.it",
            DateAdd = DateTime.UnixEpoch,
            DateUpd = DateTime.UnixEpoch
        };
}
