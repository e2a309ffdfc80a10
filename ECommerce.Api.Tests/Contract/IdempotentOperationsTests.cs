using System.Net;
using System.Reflection;
using ECommerce.Api.Tests.Api;
using Microsoft.AspNetCore.Routing;

namespace ECommerce.Api.Tests.Contract;

/// <summary>Every POST that writes rows of a tenant can be repeated with its Idempotency-Key.</summary>
public sealed class IdempotentOperationsTests(ApiFixture fixture)
{
    public const string Secret = "KEY-3c59dc048e8850243be8079a5c74d079";

    private static readonly string[] Secrets = ["key", "password", "secret", "token"];

    private readonly HttpClient _admin = fixture.As("acme.admin");

    // Sessions hold tokens, and the caches are no rows: their POSTs ignore the header.
    [Fact]
    public void Every_POST_but_those_of_sessions_and_caches_takes_the_key_and_no_other_operation_does()
    {
        var wrong = RouteTable.Of(fixture).Where(route =>
                route.Metadata.OfType<IdempotentAttribute>().Any() != (route.Method() == "POST"
                    && !route.Operation().StartsWith("POST /auth", StringComparison.Ordinal)
                    && !route.Operation().StartsWith("POST /cache", StringComparison.Ordinal)))
            .Select(route => route.Operation());

        Assert.True(Idempotent().Length > 10);
        Assert.Empty(wrong);
    }

    [Fact]
    public void No_stored_response_has_a_member_for_a_secret()
    {
        foreach (var route in Idempotent())
        {
            var type = route.Metadata.OfType<IdempotentAttribute>().Single().Response;
            Assert.Empty(
                type.GetProperties(BindingFlags.Public | BindingFlags.Instance).Select(member => member.Name)
                    .Where(name => Secrets.Any(secret => name.Contains(secret, StringComparison.OrdinalIgnoreCase)))
                    .Select(name => $"{route.Operation()} returns {name}"));
        }
    }

    [Fact]
    public async Task The_same_key_gets_the_same_response_and_another_body_422()
    {
        foreach (var route in Idempotent().Where(route => route.Operation() != WriteSamples.OfShopsOnly))
        {
            var sample = await WriteSamples.CreateAsync(route.Operation(), _admin);
            var key = ("Idempotency-Key", Guid.NewGuid().ToString());

            using var first = await _admin.CallAsync(HttpMethod.Post, sample.Path, sample.Body, key);
            using var second = await _admin.CallAsync(HttpMethod.Post, sample.Path, sample.Body, key);

            var text = await first.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
            Assert.True(first.IsSuccessStatusCode, $"{route.Operation()}: {first.StatusCode} {text}");
            Assert.Equal(
                (first.StatusCode, text, first.Headers.Location, first.Headers.ETag),
                (second.StatusCode, await second.Content.ReadAsStringAsync(TestContext.Current.CancellationToken),
                    second.Headers.Location, second.Headers.ETag));
            if (sample.Other is null)
                continue;
            using var other = await _admin.CallAsync(HttpMethod.Post, sample.Path, sample.Other, key);
            await other.ProblemAsync(HttpStatusCode.UnprocessableEntity, "idempotency_key_reused");
        }
        Assert.Empty(await fixture.QueryAsync<string>(
            "SELECT location FROM idempotency_keys WHERE answer LIKE CONCAT('%', @Secret, '%')", new { Secret }));
    }

    [Fact]
    public async Task Sessions_and_caches_ignore_the_key()
    {
        var key = ("Idempotency-Key", Guid.NewGuid().ToString());
        var login = new { username = "acme.user", password = "demo-Passw0rd!" };

        var first = await fixture.Api.Anonymous().JsonAsync(HttpMethod.Post, "/api/v1/auth/login", login, key);
        var second = await fixture.Api.Anonymous().JsonAsync(HttpMethod.Post, "/api/v1/auth/login", login, key);
        using var cache = await _admin.CallAsync(
            HttpMethod.Post, "/api/v1/cache/invalidate", new { entity = "order", id = 1 }, key);

        Assert.NotEqual((string?)first["refresh_token"], (string?)second["refresh_token"]);
        Assert.True(cache.IsSuccessStatusCode);
        Assert.Empty(await fixture.QueryAsync<string>(
            "SELECT location FROM idempotency_keys WHERE idempotency_key = @key", new { key = key.Item2 }));
    }

    private RouteEndpoint[] Idempotent() =>
        [.. RouteTable.Of(fixture).Where(route => route.Metadata.OfType<IdempotentAttribute>().Any())];
}
