using System.Net;
using System.Text.Json.Nodes;

namespace ECommerce.Api.Tests.Invoicing;

/// <summary>A merchant comes from another program in the middle of a year.</summary>
public sealed class FirstNumberTests(ApiFixture fixture)
{
    [Fact]
    public async Task Numbers_and_progressives_begin_where_the_tenant_has_set_it_once()
    {
        var database = await fixture.MySql.CreateDatabaseAsync();
        await using var api = new ApiFactory(database, fixture.Redis.ConnectionString);
        await api.StartAsync();
        var admin = api.With(fixture.TokenOf("acme.admin"));
        var year = TimeZoneInfo.ConvertTimeBySystemTimeZoneId(DateTime.UtcNow, "Europe/Rome").Year;
        await SetAsync(admin, "invoices.first_number", $"{year}:151");
        await SetAsync(admin, "invoices.first_progressive", "00ABZ");

        var first = await admin.InvoiceAsync();
        await SetAsync(admin, "invoices.first_number", $"{year}:500");
        await SetAsync(admin, "invoices.first_progressive", "ZZ000");
        var second = await admin.InvoiceAsync();
        // Another tenant of the same transmitter, without settings of its own.
        var other = await api.With(fixture.TokenOf("globex.admin")).InvoiceAsync();

        Assert.Equal(
            [($"151/{year}", "IT01234567897_00ABZ.xml"), ($"152/{year}", "IT01234567897_00AC0.xml"),
                ($"1/{year}", "IT01234567897_00AC1.xml")],
            new[] { first, second, other }.Select(
                invoice => ((string)invoice["reference"]!, (string)invoice["file_name"]!)));
    }

    [Fact]
    public async Task First_number_of_another_year_has_no_effect()
    {
        var database = await fixture.MySql.CreateDatabaseAsync();
        await using var api = new ApiFactory(database, fixture.Redis.ConnectionString);
        await api.StartAsync();
        var admin = api.With(fixture.TokenOf("acme.admin"));
        await SetAsync(admin, "invoices.first_number", "2001:151");

        Assert.Equal(1, (int)(await admin.InvoiceAsync())["number"]!);
    }

    [Theory]
    [InlineData("invoices.first_number", "151")]
    [InlineData("invoices.first_number", "2026:0")]
    [InlineData("invoices.first_number", "2026:1000000")]
    [InlineData("invoices.first_number", "1999:1")]
    [InlineData("invoices.first_number", "2026:15 ")]
    [InlineData("invoices.first_progressive", "00000")]
    [InlineData("invoices.first_progressive", "00abc")]
    [InlineData("invoices.first_progressive", "123456")]
    [InlineData("invoices.first_progressive", "A-1")]
    public async Task Value_of_another_form_is_422(string setting, string value)
    {
        using var response = await fixture.As("acme.admin").CallAsync(
            HttpMethod.Put, $"/api/v1/config/{setting}", new { value });

        await response.AssertWrongAsync(HttpStatusCode.UnprocessableEntity, "value");
    }

    private static Task<JsonNode> SetAsync(HttpClient client, string setting, string value) =>
        client.PutJsonAsync($"/api/v1/config/{setting}", new { value });
}
