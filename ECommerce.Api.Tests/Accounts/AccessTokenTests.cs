using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.WebUtilities;

namespace ECommerce.Api.Tests.Accounts;

public sealed class AccessTokenTests(ApiFixture fixture)
{
    public static TheoryData<string, string> BadTokens => new()
    {
        { "malformed", "abc" },
        { "two parts", "abc.def" },
        { "empty", "" },
        { "alg none", Unsigned("none") },
        { "alg None", Unsigned("None") },
        { "alg RS256 signed with our key", Signed("RS256", ApiFactory.SigningKey, Claims()) },
        { "alg HS512", Signed512(Claims()) },
        { "another key", Signed("HS256", "another-key-that-has-enough-bytes-0123456789", Claims()) },
        { "expired", Signed("HS256", ApiFactory.SigningKey, Claims(expires: TimeSpan.FromMinutes(-2))) },
        { "without an expiry", Signed("HS256", ApiFactory.SigningKey, Claims(expires: null)) },
        // Made when the tests begin: a full run takes longer than some minutes.
        {
            "not yet valid",
            Signed("HS256", ApiFactory.SigningKey, Claims(TimeSpan.FromDays(1), notBefore: TimeSpan.FromHours(12)))
        },
        { "another issuer", Signed("HS256", ApiFactory.SigningKey, Claims(issuer: "foreign")) },
        { "another audience", Signed("HS256", ApiFactory.SigningKey, Claims(audience: "something")) },
    };

    [Theory]
    [MemberData(nameof(BadTokens))]
    public async Task A_token_that_is_not_ours_or_not_valid_gets_401(string reason, string token)
    {
        Assert.NotEmpty(reason);
        using var response = await fixture.Api.Anonymous()
            .CallAsync(HttpMethod.Get, "/api/v1/products", headers: ("Authorization", $"Bearer {token}"));

        await response.ProblemAsync(HttpStatusCode.Unauthorized, "unauthorized");
        Assert.Contains(response.Headers.WwwAuthenticate, challenge => challenge.Scheme == "Bearer");
    }

    [Fact]
    public async Task The_same_token_rightly_made_is_accepted()
    {
        using var response = await fixture.Api.With(Signed("HS256", ApiFactory.SigningKey, Claims()))
            .GetAnyAsync("/api/v1/products");

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    private static readonly string[] TwoTenants = ["acme", "globex"];
    private static readonly string[] TwoRoles = ["USER", "ADMIN"];

    public static TheoryData<string, string, object?> BadClaims => new()
    {
        { "no tenant", "tenant", null },
        { "empty tenant", "tenant", "" },
        { "upper-case tenant", "tenant", "ACME" },
        { "tenant with a space", "tenant", "acme " },
        { "tenant with a colon", "tenant", "acme:1" },
        { "two tenants", "tenant", TwoTenants },
        { "no user", "sub", null },
        { "user zero", "sub", "0" },
        { "negative user", "sub", "-1" },
        { "signed user", "sub", "+1" },
        { "user with a leading zero", "sub", "01" },
        { "user that is no number", "sub", "acme.admin" },
        { "no role", "role", null },
        { "unknown role", "role", "ROOT" },
        { "role in other letters", "role", "admin" },
        { "two roles", "role", TwoRoles },
        { "tenant of a super administrator", "role", "SUPERADMIN" },
    };

    [Theory]
    [MemberData(nameof(BadClaims))]
    public async Task Token_whose_claims_have_another_shape_gets_401(string reason, string claim, object? value)
    {
        Assert.NotEmpty(reason);
        var claims = Claims();
        claims.Remove(claim);
        if (value is not null)
            claims[claim] = value;

        using var response = await fixture.Api.With(Signed("HS256", ApiFactory.SigningKey, claims))
            .GetAnyAsync("/api/v1/products");

        await response.ProblemAsync(HttpStatusCode.Unauthorized, "unauthorized");
    }

    [Fact]
    public async Task Token_with_a_critical_extension_gets_401()
    {
        var header = new Dictionary<string, object>
        {
            ["alg"] = "HS256",
            ["typ"] = "JWT",
            ["crit"] = new[] { "b64" },
            ["b64"] = true,
        };

        using var response = await fixture.Api.With(Signed(header, ApiFactory.SigningKey, Claims()))
            .GetAnyAsync("/api/v1/products");

        await response.ProblemAsync(HttpStatusCode.Unauthorized, "unauthorized");
    }

    [Fact]
    public async Task A_token_without_a_tenant_reads_no_merchants_data()
    {
        var claims = Claims(tenant: null);
        claims["role"] = "SUPERADMIN";

        using var response = await fixture.Api.With(Signed("HS256", ApiFactory.SigningKey, claims))
            .GetAnyAsync("/api/v1/products");

        await response.ProblemAsync(HttpStatusCode.Forbidden, "forbidden");
    }

    [Fact]
    public async Task The_tenant_comes_from_the_token_and_from_nowhere_else()
    {
        var product = await fixture.As("acme.admin").ProductAsync();

        using var response = await fixture.As("globex.admin").CallAsync(
            HttpMethod.Get, $"/api/v1/products/{product["id"]}?tenant=acme",
            headers: [("X-Tenant", "acme"), ("X-Tenant-Id", "acme")]);

        await response.ProblemAsync(HttpStatusCode.NotFound);
    }

    private static Dictionary<string, object> Claims(
        string issuer = "ecommerce", string audience = "ecommerce-api", string? tenant = "acme",
        TimeSpan? notBefore = null) =>
        Claims(TimeSpan.FromMinutes(5), issuer, audience, tenant, notBefore);

    private static Dictionary<string, object> Claims(
        TimeSpan? expires, string issuer = "ecommerce", string audience = "ecommerce-api", string? tenant = "acme",
        TimeSpan? notBefore = null)
    {
        var claims = new Dictionary<string, object>
        {
            ["sub"] = "1",
            ["name"] = "acme.admin",
            ["role"] = "ADMIN",
            ["iss"] = issuer,
            ["aud"] = audience
        };
        if (tenant is not null)
            claims["tenant"] = tenant;
        if (expires is { } lifetime)
            claims["exp"] = (DateTimeOffset.UtcNow + lifetime).ToUnixTimeSeconds();
        if (notBefore is { } wait)
            claims["nbf"] = (DateTimeOffset.UtcNow + wait).ToUnixTimeSeconds();
        return claims;
    }

    private static string Unsigned(string algorithm) =>
        $"{Part(new { alg = algorithm, typ = "JWT" })}.{Part(Claims())}.";

    private static string Signed(string algorithm, string key, object claims) =>
        Signed(new Dictionary<string, object> { ["alg"] = algorithm, ["typ"] = "JWT" }, key, claims);

    private static string Signed(Dictionary<string, object> header, string key, object claims)
    {
        var content = $"{Part(header)}.{Part(claims)}";
        var signature = HMACSHA256.HashData(Encoding.UTF8.GetBytes(key), Encoding.UTF8.GetBytes(content));
        return $"{content}.{WebEncoders.Base64UrlEncode(signature)}";
    }

    private static string Signed512(object claims)
    {
        var content = $"{Part(new { alg = "HS512", typ = "JWT" })}.{Part(claims)}";
        var key = Encoding.UTF8.GetBytes(ApiFactory.SigningKey);
        return $"{content}.{WebEncoders.Base64UrlEncode(HMACSHA512.HashData(key, Encoding.UTF8.GetBytes(content)))}";
    }

    private static string Part(object value) => WebEncoders.Base64UrlEncode(JsonSerializer.SerializeToUtf8Bytes(value));
}
