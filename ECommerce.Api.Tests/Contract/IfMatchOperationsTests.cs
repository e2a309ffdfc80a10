using System.Net;
using ECommerce.Api.Tests.Api;
using Microsoft.AspNetCore.Routing;

namespace ECommerce.Api.Tests.Contract;

/// <summary>Every write of a row that exists honours If-Match.</summary>
public sealed class IfMatchOperationsTests(ApiFixture fixture)
{
    // Of no row, or of one that the operation only reads.
    private static readonly string[] Without =
    [
        "DELETE /cache", "POST /invoices/{}/credit-note", "POST /orders/{}/invoice", "POST /shops/{}/sync",
        "PUT /cache/flags",
    ];

    private readonly HttpClient _admin = fixture.As("acme.admin");

    [Fact]
    public void Every_write_of_a_row_takes_If_Match_or_stands_on_a_short_list()
    {
        var writes = RouteTable.Of(fixture).Where(IsOfRow).ToArray();

        Assert.True(writes.Length > 20);
        Assert.Empty(
            writes.Where(route => TakesIfMatch(route) == Without.Contains(route.Operation()))
                .Select(route => route.Operation()));
    }

    [Fact]
    public async Task A_version_that_the_row_has_not_is_412_and_changes_nothing_and_its_own_is_accepted()
    {
        foreach (var route in RouteTable.Of(fixture).Where(
            route => IsOfRow(route) && TakesIfMatch(route) && route.Operation() != WriteSamples.OfShopsOnly))
        {
            var method = HttpMethod.Parse(route.Method());
            var sample = await WriteSamples.CreateAsync(route.Operation(), _admin);
            var row = string.Join('/', sample.Path.Split('/').Take(5));
            using var before = await _admin.GetAnyAsync(row);

            using var late = await _admin.CallAsync(method, sample.Path, sample.Body, ("If-Match", "\"999999-x\""));
            using var after = await _admin.GetAnyAsync(row);
            using var written = await _admin.CallAsync(
                method, sample.Path, sample.Body, ("If-Match", before.Headers.ETag!.Tag));

            await late.ProblemAsync(HttpStatusCode.PreconditionFailed, "precondition_failed");
            Assert.Equal(before.Headers.ETag, after.Headers.ETag);
            Assert.True(written.IsSuccessStatusCode, $"{route.Operation()}: {written.StatusCode}");
        }
    }

    private static bool IsOfRow(RouteEndpoint route) =>
        route.Method() is "PUT" or "PATCH" or "DELETE"
        || route.Method() == "POST" && route.Operation().Contains("{}", StringComparison.Ordinal);

    private static bool TakesIfMatch(RouteEndpoint route) =>
        route.Handler().GetParameters().Any(parameter => parameter.ParameterType == typeof(IfMatch));
}
