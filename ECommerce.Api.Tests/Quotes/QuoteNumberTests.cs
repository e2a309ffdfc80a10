namespace ECommerce.Api.Tests.Quotes;

public sealed class QuoteNumberTests(ApiFixture fixture)
{
    // On an API of its own: the series of a tenant is one.
    [Fact]
    public async Task Two_hundred_parallel_creations_on_two_replicas_get_consecutive_numbers()
    {
        var database = await fixture.MySql.CreateDatabaseAsync();
        await using var first = new ApiFactory(database, fixture.Redis.ConnectionString);
        await using var second = new ApiFactory(database, fixture.Redis.ConnectionString);
        await Task.WhenAll(first.StartAsync(), second.StartAsync());
        HttpClient[] replicas =
            [first.With(fixture.TokenOf("acme.preventivi")), second.With(fixture.TokenOf("acme.preventivi"))];
        var customer = await replicas[0].CustomerAsync();

        var quotes = await Task.WhenAll(Enumerable.Range(0, 200).Select(async index =>
        {
            using var response = await Repeatedly.CallAsync(
                replicas[index % 2], HttpMethod.Post, "/api/v1/quotes", Samples.Quote(customer, index + 1));
            Assert.True(response.IsSuccessStatusCode, $"{response.StatusCode}");
            return await response.JsonAsync();
        }));

        var ordered = quotes.OrderBy(quote => (int)quote["number"]!).ToArray();
        Assert.Equal(Enumerable.Range(1, 200), ordered.Select(quote => (int)quote["number"]!));
        Assert.Equal(
            ordered.Select(quote => (string)quote["date_add"]!).Order(StringComparer.Ordinal),
            ordered.Select(quote => (string)quote["date_add"]!));
        Assert.Equal(200, (int)(await replicas[1].GetJsonAsync("/api/v1/quotes"))["total"]!);
    }

    [Fact]
    public async Task Requests_at_once_with_one_key_take_one_number()
    {
        var globex = fixture.As("globex.admin");
        var customer = await globex.CustomerAsync();
        var key = Guid.NewGuid().ToString();

        var quotes = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => globex.JsonAsync(
            HttpMethod.Post, "/api/v1/quotes", Samples.Quote(customer), ("Idempotency-Key", key))));

        Assert.Single(quotes.Select(quote => (string?)quote["reference"]).Distinct());
        Assert.Equal(1, (int)(await globex.GetJsonAsync($"/api/v1/quotes?customer_id={customer["id"]}"))["total"]!);
    }
}
