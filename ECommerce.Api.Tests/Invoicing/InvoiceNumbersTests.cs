using ECommerce.Api.Tests.Quotes;
using ECommerce.Features.Invoices;
using ECommerce.Features.Invoices.Issuing;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace ECommerce.Api.Tests.Invoicing;

/// <summary>On APIs of their own: the series of a tenant is one.</summary>
public sealed class InvoiceNumbersTests(ApiFixture fixture)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Two_hundred_parallel_invoices_on_two_replicas_get_consecutive_numbers_and_names()
    {
        var database = await fixture.MySql.CreateDatabaseAsync();
        await using var first = new ApiFactory(database, fixture.Redis.ConnectionString);
        await using var second = new ApiFactory(database, fixture.Redis.ConnectionString);
        await Task.WhenAll(first.StartAsync(), second.StartAsync());
        HttpClient[] replicas =
            [first.With(fixture.TokenOf("acme.admin")), second.With(fixture.TokenOf("acme.admin"))];
        var orders = new List<long>();
        var model = await replicas[0].InvoiceableOrderAsync();
        for (var i = 0; i < 200; i++)
        {
            orders.Add((long)(await replicas[i % 2].PostJsonAsync("/api/v1/orders", new
            {
                customer_id = (long)model["customer_id"]!,
                address_invoice_id = (long)model["address_invoice_id"]!,
                lines = new[] { new { product_name = "x", product_quantity = 1, unit_price_tax_excl = i + 1 } },
            }))["id"]!);
        }

        var invoices = await Task.WhenAll(orders.Select(async (order, index) =>
        {
            using var response = await Repeatedly.CallAsync(
                replicas[index % 2], HttpMethod.Post, $"/api/v1/orders/{order}/invoice", null);
            Assert.True(response.IsSuccessStatusCode, $"{response.StatusCode}");
            return await response.JsonAsync();
        }));

        var ordered = invoices.OrderBy(invoice => (int)invoice["number"]!).ToArray();
        Assert.Equal(Enumerable.Range(1, 200), ordered.Select(invoice => (int)invoice["number"]!));
        Assert.Equal(
            ordered.Select(invoice => (string)invoice["date_add"]!).Order(StringComparer.Ordinal),
            ordered.Select(invoice => (string)invoice["date_add"]!));
        Assert.Equal(200, invoices.Select(invoice => (string)invoice["file_name"]!).Distinct().Count());
    }

    [Fact]
    public async Task New_year_of_Rome_begins_a_new_series_and_goes_on_with_the_names_of_files()
    {
        await using var api = new ApiFactory(
            await fixture.MySql.CreateDatabaseAsync(), fixture.Redis.ConnectionString);
        await api.StartAsync();
        var admin = api.With(fixture.TokenOf("acme.admin"));
        // Midnight in Rome is 23:00 UTC.
        var time = new FakeTimeProvider(new DateTimeOffset(2026, 12, 31, 22, 59, 59, TimeSpan.Zero));

        var old = await InvoiceAsync(api, admin, time);
        time.Advance(TimeSpan.FromSeconds(1));
        var next = await InvoiceAsync(api, admin, time);

        Assert.Equal(("1/2026", "1/2027"), (old.Reference, next.Reference));
        Assert.Equal(
            (new DateOnly(2026, 12, 31), new DateOnly(2027, 1, 1)), (old.LocalDate, next.LocalDate));
        Assert.Equal(("IT01234567897_00001.xml", "IT01234567897_00002.xml"), (old.FileName, next.FileName));
    }

    private static async Task<InvoiceDetails> InvoiceAsync(ApiFactory api, HttpClient admin, TimeProvider time)
    {
        var order = (long)(await admin.InvoiceableOrderAsync())["id"]!;
        var zone = api.Services.GetRequiredService<ShopTimeZone>();
        var result = await CreateInvoice.Handle(
            order, new Tenant("acme"), new CurrentUser(1, "acme.admin", "ADMIN"),
            api.Services.GetRequiredService<WriteTransactions>(),
            new InvoiceIssuer(new DocumentNumbers(time, zone), time, zone), new DefaultHttpContext(), Ct);
        return Assert.IsType<Created<InvoiceDetails>>(result.Result).Value!;
    }
}
