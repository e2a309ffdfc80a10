using System.Text.Json.Nodes;
using ECommerce.Api.Description;
using ECommerce.Api.Tests.Api;
using FluentValidation;
using Microsoft.AspNetCore.Routing;

namespace ECommerce.Api.Tests.Contract;

/// <summary>What the OpenAPI document tells of each operation.</summary>
public sealed class OperationDescriptionTests(ApiFixture fixture)
{
    [Fact]
    public async Task Every_operation_has_a_summary_of_its_own_and_a_tag()
    {
        var operations = await Operations.DocumentedAsync(fixture);

        Assert.All(operations, operation =>
        {
            var summary = (string?)operation.Value["summary"];
            Assert.False(string.IsNullOrWhiteSpace(summary), $"{operation.Key} has no summary.");
            Assert.True(summary.EndsWith('.') && char.IsUpper(summary[0]), $"{operation.Key}: {summary}");
            Assert.True(operation.Value["tags"] is JsonArray { Count: 1 }, $"{operation.Key} has no tag.");
        });
        Assert.Equal(
            operations.Count, operations.Values.Select(operation => (string?)operation["summary"]).Distinct().Count());
    }

    [Fact]
    public async Task Every_operation_demands_the_token_unless_it_is_open()
    {
        var operations = await Operations.DocumentedAsync(fixture);

        Assert.Equal(
            PermissionTable.Open.Order(),
            operations.Where(operation => operation.Value["security"] is JsonArray { Count: 0 })
                .Select(operation => operation.Key).Order());
        Assert.All(
            operations.Where(operation => !PermissionTable.Open.Contains(operation.Key)),
            operation => Assert.NotNull(operation.Value["security"]![0]!["bearer"]));
    }

    [Fact]
    public async Task Every_operation_documents_the_problems_that_it_may_respond_with()
    {
        foreach (var (name, operation) in await Operations.DocumentedAsync(fixture))
        {
            var responses = operation["responses"]!.AsObject();
            var headers = operation["parameters"]?.AsArray().Where(one => (string?)one!["in"] == "header")
                .Select(one => (string?)one!["name"]).ToArray() ?? [];
            var expected = new List<string> { "503" };
            if (!PermissionTable.Open.Contains(name))
                expected.AddRange(["401", "403"]);
            if (name.Contains("{}", StringComparison.Ordinal))
                expected.Add("404");
            if (operation["requestBody"] is not null)
                expected.AddRange(["400", "413", "415", "422"]);
            if (headers.Contains("If-Match"))
                expected.AddRange(["400", "412"]);
            if (headers.Contains("Idempotency-Key"))
                expected.AddRange(["400", "409", "422"]);

            Assert.All(expected, status => Assert.True(responses.ContainsKey(status), $"{name} lacks {status}."));
            Assert.True(responses.Any(response => response.Key[0] == '2'), $"{name} never succeeds.");
            Assert.All(
                responses.Where(response => response.Key[0] is '4' or '5' && response.Value!["content"] is not null),
                response => Assert.NotNull(response.Value!["content"]!["application/problem+json"]));
        }
    }

    [Fact]
    public async Task Every_body_has_an_example_with_all_its_members_that_its_validator_accepts()
    {
        var document = await fixture.Api.Anonymous().GetJsonAsync("/openapi/v1.json");
        var operations = await Operations.DocumentedAsync(fixture);
        var bodies = 0;
        foreach (var route in RouteTable.Of(fixture))
        {
            if (operations[route.Operation()]["requestBody"]?["content"]?["application/json"] is not { } content)
                continue;
            bodies++;
            Assert.True(content["example"] is JsonObject, $"{route.Operation()} has no example.");
            Assert.Equal(
                Members(document, content["schema"]!), content["example"]!.AsObject().Select(one => one.Key).Order());
            await ValidateAsync(route);
        }
        Assert.True(bodies > 20);
    }

    private async Task ValidateAsync(RouteEndpoint route)
    {
        var type = route.Handler().GetParameters().Select(parameter => parameter.ParameterType)
            .Single(type => RequestExamples.Find(type) is not null);
        var example = RequestExamples.Find(type)!;
        if (fixture.Services.GetService(typeof(IValidator<>).MakeGenericType(type)) is not IValidator validator)
            return;
        var result = await validator.ValidateAsync(
            new ValidationContext<object>(example), TestContext.Current.CancellationToken);
        Assert.True(result.IsValid, $"{type.Name}: {result}");
    }

    // The schema of a body that may be missing is one of several.
    private static IEnumerable<string> Members(JsonNode document, JsonNode schema)
    {
        var reference = (string?)(schema["$ref"]
            ?? schema["oneOf"]!.AsArray().Select(one => one!["$ref"]).OfType<JsonNode>().Single());
        return document["components"]!["schemas"]![reference!.Split('/')[^1]]!["properties"]!.AsObject()
            .Select(member => member.Key).Order();
    }
}
