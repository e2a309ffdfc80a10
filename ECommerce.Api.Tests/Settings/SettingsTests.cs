using System.Net;
using System.Text.Json.Nodes;
using ECommerce.Features.Common.Settings;

namespace ECommerce.Api.Tests.Settings;

public sealed class SettingsTests(ApiFixture fixture)
{
    private const string RunDays = "/api/v1/config/retention.sync_runs_days";

    private const string WrongAmount = "must be a number from 0 to 1000000 with at most 2 decimals.";

    private readonly HttpClient _admin = fixture.As("acme.admin");

    // Of its own tenant: other tests write acme's.
    private readonly HttpClient _globex = fixture.As("globex.admin");

    [Fact]
    public async Task The_catalogue_is_listed_with_types_bounds_and_defaults()
    {
        var list = await _admin.GetJsonAsync("/api/v1/config");

        var items = list["items"]!.AsArray().ToDictionary(item => (string)item!["key"]!, item => item!);
        Assert.Equal((int)list["total"]!, items.Count);
        Assert.Equal(
            ["boolean", "decimal", "enum", "integer", "string"],
            items.Values.Select(item => (string)item["type"]!).Distinct().Order());
        var days = items["retention.sync_runs_days"];
        Assert.Equal((30, 1, 3650), ((int)days["default"]!, (int)days["minimum"]!, (int)days["maximum"]!));
        Assert.Null(items["orders.process_state_id"]["default"]);
        Assert.All(items.Values, item => Assert.NotEmpty((string)item["description"]!));
    }

    [Fact]
    public void Every_setting_is_described_in_the_documents_with_its_default()
    {
        var lines = File.ReadAllLines(Path.Combine(RepositoryRoot.Path, "docs", "configuration.md"));

        Assert.All(KnownSettings.All, setting =>
        {
            var line = Assert.Single(
                lines, line => line.StartsWith('|') && line.Contains($"`{setting.Name}`", StringComparison.Ordinal));
            var text = Convert.ToString(setting.DefaultValue, System.Globalization.CultureInfo.InvariantCulture) ?? "";
            Assert.Equal(text.ToLowerInvariant(), line.Split('|')[3].Trim().ToLowerInvariant());
        });
    }

    [Theory]
    [InlineData("company.name", "\"Rossi & Figli S.r.l.\"")]
    [InlineData("retention.cache_audit_days", "7")]
    [InlineData("invoices.stamp_duty_threshold", "80.50")]
    [InlineData("invoices.stamp_duty_charged", "true")]
    [InlineData("company.tax_regime", "\"RF19\"")]
    public async Task A_value_of_the_right_type_is_set_read_back_and_reset(string key, string value)
    {
        var path = $"/api/v1/config/{key}";
        var before = await _globex.GetJsonAsync(path);

        var set = await _globex.PutJsonAsync(path, Body(value));
        var read = await _globex.GetJsonAsync(path);
        using var reset = await _globex.CallAsync(HttpMethod.Delete, path);
        var after = await _globex.GetJsonAsync(path);
        using var again = await _globex.CallAsync(HttpMethod.Delete, path);

        Assert.Equal(set.ToJsonString(), read.ToJsonString());
        Assert.True((bool)read["is_set"]!);
        Assert.Equal(value, read["value"]!.ToJsonString().Replace("\\u0026", "&", StringComparison.Ordinal));
        Assert.Equal(HttpStatusCode.NoContent, reset.StatusCode);
        Assert.False((bool)after["is_set"]!);
        Assert.Equal(before["value"]?.ToJsonString(), after["value"]?.ToJsonString());
        Assert.True((long)after["row_version"]! > (long)read["row_version"]!);
        await again.ProblemAsync(HttpStatusCode.NotFound);
    }

    [Theory]
    [InlineData("retention.sync_runs_days", "\"30\"", "must be a whole number from 1 to 3650.")]
    [InlineData("retention.sync_runs_days", "0", "must be a whole number from 1 to 3650.")]
    [InlineData("retention.sync_runs_days", "1.5", "must be a whole number from 1 to 3650.")]
    [InlineData("retention.sync_runs_days", "99999999999", "must be a whole number from 1 to 3650.")]
    [InlineData("invoices.stamp_duty_threshold", "1.234", WrongAmount)]
    [InlineData("invoices.stamp_duty_threshold", "-1", WrongAmount)]
    [InlineData("invoices.stamp_duty_charged", "1", "must be true or false.")]
    [InlineData("company.name", "7", "must be a text.")]
    [InlineData("company.name", "\"\"", "must have 1 to 80 characters.")]
    [InlineData("company.name", "\"a\\nb\"", "must not contain control characters.")]
    [InlineData("fatturapa.api_key", "{}", "must be a text.")]
    [InlineData("orders.process_state_id", "999999", "There is no such order state.")]
    [InlineData("orders.process_state_id", "101", "There is no such order state.")]
    public async Task A_value_of_the_wrong_type_or_out_of_bounds_is_422_with_the_reason(
        string key, string value, string reason)
    {
        using var response = await _admin.CallAsync(HttpMethod.Put, $"/api/v1/config/{key}", Body(value));

        var problem = await response.ProblemAsync(HttpStatusCode.UnprocessableEntity, "validation_failed");
        Assert.Equal(reason, (string?)problem["errors"]!["value"]![0]);
    }

    [Theory]
    [InlineData("null")]
    [InlineData(null)]
    public async Task A_missing_value_is_422(string? value)
    {
        var body = value is null ? new JsonObject() : Body(value);

        using var response = await _admin.CallAsync(HttpMethod.Put, RunDays, body);

        await response.AssertWrongAsync(HttpStatusCode.UnprocessableEntity, "value");
    }

    [Theory]
    [InlineData("GET")]
    [InlineData("PUT")]
    [InlineData("DELETE")]
    public async Task An_unknown_key_is_404(string method)
    {
        using var response = await _admin.CallAsync(
            HttpMethod.Parse(method), "/api/v1/config/no.such_key", method == "PUT" ? Body("1") : null);

        await response.ProblemAsync(HttpStatusCode.NotFound, "unknown_setting");
    }

    [Fact]
    public async Task Writes_honour_If_Match_also_of_a_setting_that_was_never_set()
    {
        // One that invoices do without: other tests of the tenant make some.
        const string path = "/api/v1/config/company.email";
        using var unset = await _admin.GetAnyAsync(path);
        Assert.StartsWith("\"0-", unset.Headers.ETag!.Tag, StringComparison.Ordinal);

        using var first = await _admin.CallAsync(
            HttpMethod.Put, path, Body("\"IT01\""), ("If-Match", unset.Headers.ETag.Tag));
        using var late = await _admin.CallAsync(
            HttpMethod.Put, path, Body("\"IT02\""), ("If-Match", unset.Headers.ETag.Tag));
        using var lateReset = await _admin.CallAsync(
            HttpMethod.Delete, path, null, ("If-Match", unset.Headers.ETag.Tag));

        Assert.Equal(HttpStatusCode.OK, first.StatusCode);
        await late.ProblemAsync(HttpStatusCode.PreconditionFailed);
        await lateReset.ProblemAsync(HttpStatusCode.PreconditionFailed);
        Assert.Equal(first.Headers.ETag, (await _admin.GetAnyAsync(path)).Headers.ETag);
    }

    [Fact]
    public async Task Requests_at_once_set_one_setting_for_the_first_time()
    {
        const string path = "/api/v1/config/retention.account_audit_days";

        var statuses = await Task.WhenAll(Enumerable.Range(100, 6).Select(async days =>
        {
            using var response = await _admin.CallAsync(HttpMethod.Put, path, Body($"{days}"));
            return response.StatusCode;
        }));

        Assert.All(statuses, status => Assert.Equal(HttpStatusCode.OK, status));
        Assert.Equal(
            1, Assert.Single(await fixture.QueryAsync<int>(
                "SELECT COUNT(*) FROM settings WHERE tenant_id = 'acme' AND name = 'retention.account_audit_days'")));
    }

    [Fact]
    public async Task A_setting_is_its_tenants_own_and_every_write_is_audited_without_the_value()
    {
        await _admin.PutJsonAsync("/api/v1/config/retention.change_audit_days", Body("60"));

        var foreign = await _globex.GetJsonAsync("/api/v1/config/retention.change_audit_days");

        Assert.False((bool)foreign["is_set"]!);
        var audited = await fixture.QueryAsync<(int User, string Action, string? Detail)>(
            """
            SELECT user_id, action, detail FROM change_audit
            WHERE tenant_id = 'acme' AND entity = 'settings' AND entity_key = 'retention.change_audit_days'
            """);
        Assert.Equal((fixture.IdOf("acme.admin"), "update", null), Assert.Single(audited));
    }

    private static JsonObject Body(string value) => new() { ["value"] = JsonNode.Parse(value) };
}
