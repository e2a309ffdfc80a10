using System.Net;
using ECommerce.Api.Tests.Api;

namespace ECommerce.Api.Tests.Contract;

public sealed class ContractRoutesTests(ApiFixture fixture)
{
    [Fact]
    public void Every_promised_route_exists_or_is_not_built_yet_and_there_is_none_beside()
    {
        var mapped = RouteTable.Of(fixture).Select(route => route.Operation()).Order(StringComparer.Ordinal).ToArray();
        var expected = ContractRoutes.All.Concat(ContractRoutes.Beyond.Select(beyond => beyond.Route))
            .Except(ContractRoutes.NotBuiltYet).Order(StringComparer.Ordinal).ToArray();

        Assert.Equal(mapped.Length, mapped.Distinct().Count());
        Assert.True(mapped.Length > 60);
        Assert.Empty(expected.Except(mapped).Select(route => $"{route} is missing."));
        Assert.Empty(mapped.Except(expected).Select(route =>
            $"{route} is in no table: {nameof(ContractRoutes)}.{(ContractRoutes.NotBuiltYet.Contains(route)
                ? "NotBuiltYet holds it though it is built" : "Beyond needs a reason")}."));
    }

    [Fact]
    public void The_tables_agree_with_each_other()
    {
        var known = ContractRoutes.All.Concat(ContractRoutes.Beyond.Select(beyond => beyond.Route)).ToArray();

        Assert.Equal(known.Length, known.Distinct().Count());
        Assert.Empty(ContractRoutes.NotBuiltYet.Except(known));
        Assert.All(ContractRoutes.Beyond, beyond => Assert.NotEmpty(beyond.Reason));
    }

    [Fact]
    public async Task Every_route_is_documented_and_every_documented_one_exists()
    {
        var documented = await Operations.DocumentedAsync(fixture);

        Assert.Equal(
            RouteTable.Of(fixture).Select(route => route.Operation()).Order(StringComparer.Ordinal),
            documented.Keys.Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("/health")]
    [InlineData("/ready")]
    [InlineData("/alive")]
    [InlineData("/health/cache")]
    [InlineData("/metrics")]
    [InlineData("/openapi/v1.json")]
    [InlineData("/swagger/index.html")]
    [InlineData("/cache-dashboard")]
    public async Task Routes_outside_the_API_need_no_token(string path)
    {
        using var response = await fixture.Api.Anonymous().GetAnyAsync(path);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Fact]
    public async Task Description_is_served_in_Production_only_where_it_is_configured()
    {
        var database = await fixture.MySql.CreateDatabaseAsync();
        foreach (var (enabled, status) in new[] { ("", HttpStatusCode.NotFound), ("true", HttpStatusCode.OK) })
        {
            (string, string)[] settings = enabled.Length > 0 ? [("OPENAPI_ENABLED", enabled)] : [];
            await using var api = new ApiFactory(
                database, fixture.Redis.ConnectionString, "Production", settings);
            await api.StartAsync();
            foreach (var path in new[] { "/openapi/v1.json", "/swagger/index.html" })
            {
                using var response = await api.Anonymous().GetAnyAsync(path);
                Assert.Equal(status, response.StatusCode);
            }
        }
    }
}
