using System.Data.Common;
using ECommerce.Api.Tests.Data;
using ECommerce.Caching;
using ECommerce.Features.Data.Entities;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace ECommerce.Api.Tests.CacheCoherence;

/// <summary>A slice that changes entities and names no tag invalidates exactly what shows them.</summary>
public sealed class DerivedInvalidationTests(ApiFixture fixture) : ICacheInvalidator
{
    private static readonly Tenant Acme = new("acme");
    private readonly HashSet<string> _invalidated = [];
    private readonly HttpClient _admin = fixture.As("acme.admin");

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Changed_order_invalidates_itself_its_lists_and_statistics()
    {
        var id = await OrderAsync();

        await ChangeAsync(
            async db => (await db.Orders.Where(o => o.Id == id).ForUpdate().SingleAsync(Ct)).Notes = "changed");

        AssertInvalidated(
            $"order:acme:{id}", $"orders:history:acme:{id}", "orders:any:acme", "orders:list:acme:*",
            "user_orders:acme:*", "statistics:acme:*");
    }

    [Fact]
    public async Task Line_that_moves_between_orders_invalidates_both_and_moves_both_versions_once()
    {
        var (from, to) = (await OrderAsync(lines: 2), await OrderAsync());
        var before = await VersionsAsync(from, to);

        await ChangeAsync(async db =>
        {
            var lines = await db.OrderLines.Where(line => line.OrderId == from).OrderBy(line => line.Id).ForUpdate()
                .ToListAsync(Ct);
            lines[0].OrderId = to;
            lines[1].ProductQuantity++;
        });

        AssertInvalidated(
            $"order:acme:{from}", $"order:acme:{to}", $"orders:history:acme:{from}", $"orders:history:acme:{to}",
            "orders:any:acme", "orders:list:acme:*", "user_orders:acme:*", "statistics:acme:*");
        Assert.Equal([before[0] + 1, before[1] + 1], await VersionsAsync(from, to));
    }

    [Fact]
    public async Task Version_of_a_row_moves_once_however_often_it_is_saved()
    {
        var id = await OrderAsync();
        var before = await VersionsAsync(id);

        await using (var tx = await BeginAsync())
        {
            var order = await tx.Db.Orders.Where(o => o.Id == id).ForUpdate().SingleAsync(Ct);
            order.Notes = "once";
            await tx.SaveAsync(Ct);
            order.Notes = "twice";
            (await tx.Db.OrderLines.Where(line => line.OrderId == id).ForUpdate().FirstAsync(Ct)).ProductQuantity++;
            await tx.CommitAsync(Ct);
        }

        Assert.Equal([before[0] + 1], await VersionsAsync(id));
    }

    [Fact]
    public async Task Added_row_is_invalidated_by_the_id_that_the_server_gave_it()
    {
        Customer? customer = null;

        await ChangeAsync(db =>
        {
            customer = db.Add(new Customer { Firstname = "a", Lastname = "b", Email = "a@b.it" }).Entity;
            return Task.CompletedTask;
        });

        Assert.True(customer!.Id > 0);
        AssertInvalidated($"customer:acme:{customer.Id}", "customers:any:acme", "customers:list:acme:*");
    }

    [Fact]
    public async Task Changed_address_product_and_lookups_invalidate_what_shows_them()
    {
        var product = (long)(await _admin.ProductAsync())["id"]!;
        await ChangeAsync(
            async db => (await db.Products.Where(p => p.Id == product).ForUpdate().SingleAsync(Ct)).Quantity++);
        AssertInvalidated($"product:acme:{product}", "products:any:acme", "products:list:acme:*");

        await ChangeAsync(
            async db =>
                (await db.OrderStates.OrderBy(s => s.Id).ForUpdate().FirstAsync(Ct)).Color = Samples.Unique("#"));
        AssertInvalidated("order_states:acme");

        var customer = (long)(await _admin.CustomerAsync())["id"]!;
        Address? address = null;
        await ChangeAsync(db =>
        {
            address = db.Add(
                new Address
                {
                    CustomerId = customer,
                    Firstname = "a",
                    Lastname = "b",
                    Address1 = "c",
                    City = "d"
                }).Entity;
            return Task.CompletedTask;
        });
        AssertInvalidated($"address:acme:{address!.Id}", "addresses:any:acme", "addresses:list:acme:*");
    }

    [Fact]
    public async Task Rollback_invalidates_nothing()
    {
        var id = await OrderAsync();
        await using (var tx = await BeginAsync())
        {
            (await tx.Db.Orders.Where(o => o.Id == id).ForUpdate().SingleAsync(Ct)).Notes = "undone";
            await tx.SaveAsync(Ct);
        }

        Assert.Empty(_invalidated);
    }

    public ValueTask<InvalidationOutcome> InvalidateAsync(
        IReadOnlyCollection<string> tags, CancellationToken cancellationToken = default)
    {
        _invalidated.UnionWith(tags);
        return ValueTask.FromResult(InvalidationOutcome.Deferred);
    }

    public ValueTask<InvalidationOutcome> InvalidatePatternAsync(
        string pattern, CancellationToken cancellationToken = default) =>
        throw new NotSupportedException("Commits name tags.");

    private Task<WriteTransaction> BeginAsync() =>
        fixture.Services
            .WriteTransactions(
                fixture.Services.GetRequiredService<DbDataSource>(), this,
                fixture.Services.GetRequiredService<OutboxRelay>())
            .BeginAsync(Acme, Ct);

    private async Task ChangeAsync(Func<ECommerceDbContext, Task> change)
    {
        await using var tx = await BeginAsync();
        await change(tx.Db);
        await tx.CommitAsync(Ct);
    }

    private void AssertInvalidated(params string[] tags)
    {
        Assert.Equal(tags.Order(StringComparer.Ordinal), _invalidated.Order(StringComparer.Ordinal));
        _invalidated.Clear();
    }

    private async Task<long> OrderAsync(int lines = 1)
    {
        var customer = await _admin.CustomerAsync();
        var order = await _admin.PostJsonAsync("/api/v1/orders", new
        {
            customer_id = (long)customer["id"]!,
            lines = Enumerable.Range(1, lines)
                .Select(i => new { product_name = $"line {i}", product_quantity = 1, unit_price_tax_excl = 1 }),
        });
        return (long)order["id"]!;
    }

    private async Task<IReadOnlyList<long>> VersionsAsync(params long[] ids) =>
        await fixture.QueryAsync<long>("SELECT row_version FROM orders WHERE id IN @ids ORDER BY id", new { ids });
}
