using System.Net;
using ECommerce.Api.Tests.Mocks.FatturaPa;

namespace ECommerce.Api.Tests.Invoicing;

public sealed class SendInvoiceTests(ApiFixture fixture, SilentNodes nodes) : IClassFixture<SilentNodes>
{
    private readonly HttpClient _admin = nodes.As("acme.admin");

    [Fact]
    public async Task Sent_invoice_is_sent_on_both_nodes_and_not_sent_again()
    {
        var invoice = await _admin.InvoiceAsync();
        var path = $"/api/v1/invoices/{invoice["id"]}";
        foreach (var node in new[] { 0, 1 })
            using (await nodes.As("acme.admin", node).HitAsync(path)) { }
        var before = await nodes.SentAsync();

        using var response = await nodes.SendAsync(invoice);
        using var again = await nodes.SendAsync(invoice, node: 1);

        Assert.Equal(
            (HttpStatusCode.OK, "sent"), (response.StatusCode, (string?)(await response.JsonAsync())["state"]));
        await again.ProblemAsync(HttpStatusCode.Conflict, "invoice_awaits_answer");
        foreach (var node in new[] { 0, 1 })
        {
            var shown = await nodes.As("acme.admin", node).GetJsonAsync(path);
            Assert.Equal(
                ("sent", (string)invoice["file_name"]!), ((string)shown["state"]!, (string)shown["file_name"]!));
        }
        Assert.Equal(before + 1, await nodes.SentAsync());
        Assert.True(await nodes.HasAsync(FatturaPaMock.Key, invoice));
        Assert.Empty(await nodes.Mock.CodesAsync(((string)invoice["file_name"]!).Split('.')[0]));
    }

    [Fact]
    public async Task Parallel_requests_on_two_nodes_send_once()
    {
        var invoice = await _admin.InvoiceAsync();
        var before = await nodes.SentAsync();

        var statuses = await Task.WhenAll(Enumerable.Range(0, 20).Select(async index =>
        {
            using var response = await nodes.SendAsync(invoice, index % 2);
            return response.StatusCode;
        }));

        Assert.Single(statuses, HttpStatusCode.OK);
        Assert.Equal(19, statuses.Count(status => status == HttpStatusCode.Conflict));
        Assert.Equal(before + 1, await nodes.SentAsync());
    }

    [Fact]
    public async Task Repeated_request_with_its_key_gets_the_same_response_and_sends_nothing()
    {
        var invoice = await _admin.InvoiceAsync();
        var path = $"/api/v1/invoices/{invoice["id"]}/send";
        var key = ("Idempotency-Key", Guid.NewGuid().ToString());
        var before = await nodes.SentAsync();

        using var first = await _admin.CallAsync(HttpMethod.Post, path, null, key);
        using var second = await _admin.CallAsync(HttpMethod.Post, path, null, key);

        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.OK), (first.StatusCode, second.StatusCode));
        Assert.Equal((await first.JsonAsync()).ToJsonString(), (await second.JsonAsync()).ToJsonString());
        Assert.Equal(before + 1, await nodes.SentAsync());
    }

    [Fact]
    public async Task Key_that_a_refused_request_had_is_free_for_the_next_one()
    {
        var invoice = await _admin.InvoiceAsync();
        var path = $"/api/v1/invoices/{invoice["id"]}/send";
        var key = ("Idempotency-Key", Guid.NewGuid().ToString());
        await nodes.Mock.ControlAsync("outcomes", new { kind = "ko", file = (string)invoice["file_name"]! });

        using var refused = await _admin.CallAsync(HttpMethod.Post, path, null, key);
        using var sent = await _admin.CallAsync(HttpMethod.Post, path, null, key);

        await refused.ProblemAsync(HttpStatusCode.UnprocessableEntity, "provider_refused_file");
        Assert.Equal(HttpStatusCode.OK, sent.StatusCode);
    }

    [Fact]
    public async Task Provider_that_is_away_is_503_and_the_same_file_is_sent_later()
    {
        var invoice = await _admin.InvoiceAsync();
        var before = await nodes.SentAsync();
        await nodes.Mock.FaultAsync("unavailable", "uploadstart1", times: 3);

        using var away = await nodes.SendAsync(invoice);
        var outcomes = await nodes.OutcomesAsync(invoice);
        var state = (string?)(await _admin.GetJsonAsync($"/api/v1/invoices/{invoice["id"]}"))["state"];
        using var sent = await nodes.SendAsync(invoice);

        await away.ProblemAsync(HttpStatusCode.ServiceUnavailable, "provider_unavailable");
        Assert.NotNull(away.Headers.RetryAfter);
        Assert.Equal(["generated"], outcomes);
        Assert.Equal("generated", state);
        Assert.Equal(
            (HttpStatusCode.OK, (string)invoice["file_name"]!),
            (sent.StatusCode, (string)(await sent.JsonAsync())["file_name"]!));
        Assert.Equal(before + 1, await nodes.SentAsync());
    }

    [Fact]
    public async Task Credit_note_is_sent_as_an_invoice_is()
    {
        var invoice = await _admin.InvoiceAsync();
        var note = await _admin.PostJsonAsync($"/api/v1/invoices/{invoice["id"]}/credit-note", new { });
        var billing = nodes.As("acme.fatturazione", node: 1);

        using var sent = await billing.CallAsync(HttpMethod.Post, $"/api/v1/invoices/{note["id"]}/send");

        Assert.Equal((HttpStatusCode.OK, "sent"), (sent.StatusCode, (string?)(await sent.JsonAsync())["state"]));
        Assert.True(await nodes.HasAsync(FatturaPaMock.Key, note));
        var shown = await _admin.GetJsonAsync($"/api/v1/invoices/{invoice["id"]}");
        Assert.Equal(
            ("generated", "sent"), ((string)shown["state"]!, (string)shown["credit_notes"]![0]!["state"]!));
    }

    [Fact]
    public async Task Slow_provider_holds_no_permit_of_the_database()
    {
        var database = await fixture.MySql.CreateDatabaseAsync();
        await using var api = new ApiFactory(
            database, fixture.Redis.ConnectionString,
            settings: [.. nodes.Mock.ApiSettings, ("DATABASE_CONCURRENCY", "1"), ("CACHE_ENABLED", "false")]);
        await api.StartAsync();
        var admin = api.With(fixture.TokenOf("acme.admin"));
        await admin.PutJsonAsync("/api/v1/config/fatturapa.api_key", new { value = FatturaPaMock.Key });
        var invoice = await admin.InvoiceAsync();
        var path = $"/api/v1/invoices/{invoice["id"]}";
        await nodes.Mock.FaultAsync("slow", "uploadstop", delayMs: 5000);

        var sending = admin.CallAsync(HttpMethod.Post, $"{path}/send");
        await Eventually.TrueAsync(
            async () => (string?)(await admin.GetJsonAsync(path))["state"] == "sent", "the attempt is stored");
        for (var read = 0; read < 5; read++)
            Assert.Equal("sent", (string?)(await admin.GetJsonAsync(path))["state"]);

        Assert.False(sending.IsCompleted);
        using var sent = await sending;
        Assert.Equal(HttpStatusCode.OK, sent.StatusCode);
    }

    [Fact]
    public async Task Two_tenants_send_with_their_own_keys()
    {
        var acme = await _admin.InvoiceAsync();
        var globex = await nodes.As("globex.admin").InvoiceAsync();

        using var first = await nodes.SendAsync(acme);
        using var second = await nodes.SendAsync(globex, user: "globex.admin");
        using var foreign = await nodes.SendAsync(acme, user: "globex.admin");

        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.OK), (first.StatusCode, second.StatusCode));
        Assert.Equal(HttpStatusCode.NotFound, foreign.StatusCode);
        foreach (var (key, own, other) in new[]
        {
            (FatturaPaMock.Key, acme, globex), (FatturaPaMock.OtherKey, globex, acme),
        })
        {
            Assert.True(await nodes.HasAsync(key, own));
            Assert.False(await nodes.HasAsync(key, other));
        }
    }

    [Fact]
    public async Task Missing_and_refused_keys_are_422_by_the_name_of_the_setting()
    {
        var globex = nodes.As("globex.admin");
        var invoice = await globex.InvoiceAsync();
        try
        {
            using var reset = await globex.CallAsync(HttpMethod.Delete, "/api/v1/config/fatturapa.api_key");
            using var missing = await nodes.SendAsync(invoice, user: "globex.admin");
            await nodes.SetKeyAsync("globex.admin", "SOMEOTHERKEY");
            using var refused = await nodes.SendAsync(invoice, user: "globex.admin");
            await nodes.SetKeyAsync("globex.admin", "no key/at all");
            using var malformed = await nodes.SendAsync(invoice, user: "globex.admin");

            foreach (var (response, code) in new[]
            {
                (missing, "invoice_settings_missing"), (refused, "provider_key_refused"),
                (malformed, "provider_key_refused"),
            })
            {
                var problem = await response.ProblemAsync(HttpStatusCode.UnprocessableEntity, code);
                Assert.Equal("fatturapa.api_key", Assert.Single(problem["errors"]!.AsObject()).Key);
                Assert.DoesNotContain("SOMEOTHERKEY", problem.ToJsonString(), StringComparison.Ordinal);
            }
            Assert.Equal(["generated"], await nodes.OutcomesAsync(invoice));
        }
        finally
        {
            await nodes.SetKeyAsync("globex.admin", FatturaPaMock.OtherKey);
        }
    }
}
