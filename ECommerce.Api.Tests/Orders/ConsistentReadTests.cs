using ECommerce.Features.Orders;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Primitives;

namespace ECommerce.Api.Tests.Orders;

/// <summary>What a response is made of is of one state of the database, whatever is written meanwhile.</summary>
public sealed class ConsistentReadTests(ApiFixture fixture)
{
    private const int Flips = 40;
    private static readonly Tenant Acme = new("acme");

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Lines_and_totals_of_an_order_are_never_of_two_states()
    {
        var admin = fixture.As("acme.admin");
        var customer = (long)(await admin.CustomerAsync())["id"]!;
        var id = (long)(await admin.PostJsonAsync("/api/v1/orders", Order(customer, lines: 1)))["id"]!;
        var contexts = fixture.Services.GetRequiredService<TenantDbContexts>();
        var seen = new HashSet<int>();

        var writing = FlipAsync(admin, id, customer);
        while (!writing.IsCompleted || seen.Count < 2)
        {
            Ct.ThrowIfCancellationRequested();
            await using var db = contexts.ForReading(Acme);
            var order = await OrderReader.FindAsync(db, id, Ct);
            Assert.Equal(order!.Lines.Sum(line => line.TotalPriceTaxExcl), order.TotalProducts);
            seen.Add(order.Lines.Count);
        }
        await writing;
    }

    [Fact]
    public async Task Items_and_total_of_a_list_are_never_of_two_states()
    {
        var admin = fixture.As("acme.admin");
        var customer = (long)(await admin.CustomerAsync())["id"]!;
        var query = new OrderQuery(new QueryReader(new QueryCollection(
            new Dictionary<string, StringValues> { ["customer_id"] = $"{customer}", ["limit"] = "100" })));
        var contexts = fixture.Services.GetRequiredService<TenantDbContexts>();

        // They wait for one another's lock of the customer, each with a permit of the database: the reader needs one.
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = 8, CancellationToken = Ct };
        var writing = Parallel.ForAsync(
            0, Flips, parallel,
            async (_, _) => await admin.PostJsonAsync("/api/v1/orders", Order(customer, lines: 1)));
        long last = 0;
        while (last < Flips)
        {
            Ct.ThrowIfCancellationRequested();
            var page = await ListOrders.QueryAsync(contexts, Acme, userId: null, query, Ct);
            Assert.Equal(page.Items.Count, page.Total);
            last = page.Total;
        }
        await writing;
    }

    private static async Task FlipAsync(HttpClient admin, long id, long customer)
    {
        for (var i = 0; i < Flips; i++)
            await admin.PutJsonAsync($"/api/v1/orders/{id}", Order(customer, lines: 1 + (i % 2)));
    }

    private static object Order(long customer, int lines) => new
    {
        customer_id = customer,
        lines = Enumerable.Range(1, lines)
            .Select(i => new { product_name = $"line {i}", product_quantity = 1, unit_price_tax_excl = 10 }),
    };
}
