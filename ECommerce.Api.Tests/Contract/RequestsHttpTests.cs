using System.Text.RegularExpressions;
using ECommerce.Api.Tests.Api;

namespace ECommerce.Api.Tests.Contract;

/// <summary>requests.http is the tour of the API: it has a request for every route.</summary>
public sealed partial class RequestsHttpTests(ApiFixture fixture)
{
    [Fact]
    public void Every_route_has_a_request_and_every_request_a_route()
    {
        var routes = RouteTable.Of(fixture).Select(route => (
            Operation: route.Operation(), Pattern: Pattern(route.Operation()))).ToArray();
        var requests = Request().Matches(File.ReadAllText(Path.Combine(RepositoryRoot.Path, "requests.http")))
            .Select(match => $"{match.Groups["method"].Value} {match.Groups["path"].Value}").ToArray();

        Assert.True(requests.Length > 60);
        Assert.Empty(
            routes.Where(route => !requests.Any(request => route.Pattern.IsMatch(request)))
                .Select(route => $"{route.Operation} has no request."));
        Assert.Empty(
            requests.Where(request => !routes.Any(route => route.Pattern.IsMatch(request)))
                .Select(request => $"{request} has no route."));
    }

    private static Regex Pattern(string operation) =>
        new($"^{Regex.Escape(operation).Replace(@"\{}", @"(\{\{[^/]+\}\}|[^/{}]+)", StringComparison.Ordinal)}$");

    [GeneratedRegex(@"^(?<method>GET|POST|PUT|PATCH|DELETE) \{\{api\}\}(?<path>/[^\s?]*)", RegexOptions.Multiline)]
    private static partial Regex Request();
}
