using System.Net;

namespace ECommerce.Api.Tests.FatturaPa;

/// <summary>What goes on while the provider is waited for, on a node with one permit for the database.</summary>
public sealed class ProviderWaitTests(ProviderWaitTests.NarrowNodes nodes)
    : IClassFixture<ProviderWaitTests.NarrowNodes>
{
    private const string Transactions = """
        SELECT COUNT(*)
        FROM information_schema.INNODB_TRX t
        JOIN information_schema.PROCESSLIST p ON p.ID = t.trx_mysql_thread_id
        WHERE p.DB = DATABASE()
        """;

    [Theory]
    [InlineData("table")]
    [InlineData("download")]
    public async Task Neither_a_poll_nor_a_request_holds_a_permit_or_a_transaction_meanwhile(string call)
    {
        var client = nodes.As("acme.admin");
        var (polled, asked) = (nodes.NewSdiId(), nodes.NewSdiId());
        await nodes.PlaceAsync($"IT12345678903_{polled[^5..]}.xml", SdiFiles.Purchase("FV/1"), polled);
        await nodes.PollAsync();
        await nodes.PlaceAsync($"IT12345678903_{asked[^5..]}.xml", SdiFiles.Purchase("FV/2"), asked);
        await nodes.PlaceAsync($"IT12345678903_{asked[^5..]}X.xml", SdiFiles.Purchase("FV/3"), nodes.NewSdiId());
        await nodes.Mock.FaultAsync("slow", call, times: 0, delayMs: 3000);
        var before = (await nodes.Mock.CallsAsync()).Count(one => one == "pool");

        var poll = nodes.PollAsync();
        var request = client.GetAnyAsync($"/api/v1/fatturapa/invoices/{asked}");
        await Eventually.TrueAsync(
            async () => (await nodes.Mock.CallsAsync()).Count(one => one == "pool") >= before + 2,
            "both have begun");
        using var other = await client.GetAnyAsync($"/api/v1/orders?search={Samples.Unique("x")}");
        // What is stored between two calls is done in a moment.
        await Eventually.TrueAsync(
            async () => await nodes.QueryAsync<long>(Transactions) is [0], "no transaction is open");

        Assert.Equal(HttpStatusCode.OK, other.StatusCode);
        Assert.False(poll.IsCompleted && request.IsCompleted, "The provider has answered before the orders were read.");
        await nodes.Mock.ControlAsync("faults", new { }, HttpMethod.Delete);
        Assert.Null((await poll)!.Error);
        using var response = await request;
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    /// <summary>Nodes with one permit.</summary>
    public sealed class NarrowNodes(ApiFixture fixture) : PoolNodes(fixture)
    {
        protected override (string Name, string Value)[] Settings => [("DATABASE_CONCURRENCY", "1")];
    }
}
