using ECommerce.Features.Invoices.Incoming.Polling;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace ECommerce.Api.Tests.FatturaPa;

/// <summary>Nodes that poll by themselves, each second.</summary>
public sealed class PollScheduleTests(PollScheduleTests.PollingNodes nodes)
    : IClassFixture<PollScheduleTests.PollingNodes>
{
    [Fact]
    public async Task What_comes_back_is_there_without_a_request_for_every_tenant()
    {
        var invoice = await nodes.InvoiceAsync();
        await nodes.SendAsync(invoice);
        var sdiId = nodes.NewSdiId();
        await nodes.PlaceAsync("IT12345678903_SCH01.xml", SdiFiles.Purchase("FV/1"), sdiId, account: 2);

        await Eventually.TrueAsync(
            async () => (await nodes.QueryAsync<string>(
                "SELECT state FROM invoices WHERE id = @Id", new { invoice.Id })).Single() == "undeliverable",
            "the answer of the SDI has arrived", TimeSpan.FromSeconds(30));
        await Eventually.TrueAsync(
            async () => (await nodes.QueryAsync<string>(
                "SELECT outcome FROM pool_events WHERE tenant_id = 'globex' AND sdi_id = @sdiId", new { sdiId }))
                .SingleOrDefault() == "stored",
            "the purchase of the other tenant is stored", TimeSpan.FromSeconds(30));
    }

    [Fact]
    public async Task Account_that_fails_is_asked_less_and_less_often_and_a_new_key_is_tried_at_once()
    {
        await nodes.SetKeyAsync(PoolNodes.Globex, "WRONGKEY00000001");

        await Eventually.TrueAsync(
            async () => (await nodes.QueryAsync<int>(
                "SELECT failures FROM pool_polls WHERE tenant_id = 'globex'")).SingleOrDefault() >= 3,
            "three polls have failed", TimeSpan.FromSeconds(60));

        await Eventually.TrueAsync(
            async () => (await nodes.QueryAsync<double>(
                """
                SELECT TIMESTAMPDIFF(MICROSECOND, UTC_TIMESTAMP(6), next_poll_at) / 1000000
                FROM pool_polls WHERE tenant_id = 'globex'
                """)).Single() > 4,
            "the pause has grown", TimeSpan.FromSeconds(60));
        await nodes.ExecuteAsync(
            "UPDATE pool_polls SET next_poll_at = '2100-01-01' WHERE tenant_id = 'globex'");
        await nodes.SetKeyAsync(PoolNodes.Globex, Mocks.FatturaPa.FatturaPaMock.OtherKey);
        await Eventually.TrueAsync(
            async () => (await nodes.QueryAsync<int>(
                "SELECT failures FROM pool_polls WHERE tenant_id = 'globex' AND error IS NULL")) is [0],
            "the new key is tried", TimeSpan.FromSeconds(30));
    }

    [Theory]
    [InlineData("x")]
    [InlineData("-1")]
    [InlineData("86401")]
    [InlineData("1.5")]
    public void Interval_that_is_none_stops_the_start_with_its_name(string text)
    {
        var error = Assert.Throws<OptionsValidationException>(() => PollInterval.Read(Configuration(text)));
        Assert.Contains(PollInterval.Name, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", 300)]
    [InlineData("0", 0)]
    [InlineData("10", 10)]
    public void Interval_is_in_seconds(string text, int seconds) =>
        Assert.Equal(seconds, PollInterval.Read(Configuration(text)).Seconds);

    private static IConfiguration Configuration(string text) => new ConfigurationBuilder()
        .AddInMemoryCollection(new Dictionary<string, string?> { [PollInterval.Name] = text }).Build();

    /// <summary>Nodes with an interval.</summary>
    public sealed class PollingNodes(ApiFixture fixture) : PoolNodes(fixture)
    {
        protected override (string Name, string Value)[] Settings => [(PollInterval.Name, "1")];
    }
}
