using System.Net;
using ECommerce.Api.Tests.Mocks.FatturaPa;
using ECommerce.Api.Tests.ServiceDefaults;

namespace ECommerce.Api.Tests.Invoicing;

/// <summary>The key of a tenant's account at the provider is a part of every path that is called.</summary>
public sealed class SendSecrecyTests(ApiFixture fixture)
{
    private const string Key = "KEYTHATNOSIGNALSHOWS0003";
    private static readonly string[] Signals = ["traces", "metrics", "logs"];

    [Fact]
    public async Task Key_is_in_no_trace_metric_log_response_or_row()
    {
        await using var mock = new FatturaPaMock(null, ("key", Key));
        await using var collector = await OtlpCollector.StartAsync("grpc");
        var database = await fixture.MySql.CreateDatabaseAsync();
        var texts = new List<string>();
        await using (var api = new ApiFactory(
            database, fixture.Redis.ConnectionString, settings: [.. mock.ApiSettings, .. collector.Settings]))
        {
            await api.StartAsync();
            var admin = api.With(fixture.TokenOf("acme.admin"));
            await admin.PutJsonAsync("/api/v1/config/fatturapa.api_key", new { value = Key });
            foreach (var (fault, call) in new[]
            {
                ("error500_after", "uploadstop"), ("drop", "uploadstop"), ("refused", "uploadstop"),
                ("unauthorized", "uploadstart1"), ("html", "uploadstart1"), ("foreign_link", "uploadstart1"),
                ("empty", "pool"),
            })
            {
                await mock.FaultAsync(fault, call);
                var invoice = await admin.InvoiceAsync();
                using var response = await admin.CallAsync(
                    HttpMethod.Post, $"/api/v1/invoices/{invoice["id"]}/send", null,
                    ("Idempotency-Key", Guid.NewGuid().ToString()));
                texts.Add(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
                Assert.NotEqual(HttpStatusCode.InternalServerError, response.StatusCode);
            }
        }

        await Eventually.TrueAsync(
            () => Signals.All(signal => collector.Received(signal).Length > 0), "the telemetry is exported");
        texts.AddRange(Signals.Select(collector.Received));
        texts.AddRange(await RowsAsync(database));
        Assert.Contains(texts, static text => text.Contains("UploadStop/", StringComparison.Ordinal));
        Assert.DoesNotContain(texts, static text => text.Contains(Key, StringComparison.OrdinalIgnoreCase));
    }

    private static async Task<IEnumerable<string>> RowsAsync(string database)
    {
        await using var connection = new MySqlConnector.MySqlConnection(database);
        return await Dapper.SqlMapper.QueryAsync<string>(
            connection,
            """
            SELECT answer FROM idempotency_keys WHERE answer IS NOT NULL
            UNION ALL SELECT CONCAT(name, COALESCE(value, '')) FROM settings
            UNION ALL SELECT COALESCE(detail, '') FROM change_audit
            """);
    }
}
