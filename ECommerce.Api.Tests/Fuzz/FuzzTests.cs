using System.Text;
using ECommerce.Api.Tests.Api;

namespace ECommerce.Api.Tests.Fuzz;

/// <summary>Every route under random requests: no 500, and every error is a problem.</summary>
public sealed class FuzzTests(ApiFixture fixture)
{
    private const int Seed = 20261128;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private readonly List<string> _wrong = [];

    [Fact]
    public async Task Random_requests_cause_no_internal_error_and_every_error_is_a_problem()
    {
        var count = TestScale.IsFull ? 10_000 : 1_000;
        await using var redis = await LocalRedis.StartNewAsync();
        await using var api = new ApiFactory(await fixture.MySql.CreateDatabaseAsync(), redis.ConnectionString);
        await api.StartAsync();
        using var admin = api.With(fixture.TokenOf("acme.admin"));
        // As many requests with what exists as with what does not.
        for (var i = 0; i < 3; i++)
            await admin.OrderAsync(await admin.ProductAsync());
        var requests = new RandomRequests(RouteTable.Of(fixture), Seed);

        for (var i = 0; i < count; i++)
        {
            using var request = requests.Next(out var sent);
            var name = $"#{i} {request.Method} {request.RequestUri} {sent?.ToJsonString()}";
            using var response = await admin.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Ct);
            await CheckAsync(response, name);
        }

        Assert.True(_wrong.Count == 0, $"Seed {Seed}, {_wrong.Count} wrong:\n{string.Join('\n', _wrong.Take(15))}");
    }

    private async Task CheckAsync(HttpResponseMessage response, string name)
    {
        var status = response.StatusCode;
        if ((int)status >= 400)
        {
            var type = response.Content.Headers.ContentType?.MediaType;
            if ((int)status >= 500 || type != "application/problem+json" || !response.Headers.Contains("X-Request-ID"))
                _wrong.Add($"{(int)status} {type} {await response.Content.ReadAsStringAsync(Ct)}: {Short(name)}");
        }
    }

    private static string Short(string text)
    {
        var shown = new StringBuilder();
        foreach (var c in text.Length > 700 ? text[..700] : text)
            shown.Append(char.IsControl(c) ? '?' : c);
        return shown.ToString();
    }
}
