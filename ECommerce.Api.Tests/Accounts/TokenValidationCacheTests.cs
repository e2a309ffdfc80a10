using System.Text;
using ECommerce.Api.Authentication;
using ECommerce.Features.Accounts.Revocation;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace ECommerce.Api.Tests.Accounts;

public class TokenValidationCacheTests
{
    private static readonly SymmetricSecurityKey Key = new(Encoding.ASCII.GetBytes(ApiFactory.SigningKey));
    private static readonly TokenValidationParameters Parameters = new()
    {
        ValidIssuer = "issuer",
        ValidAudience = "audience",
        IssuerSigningKey = Key,
        ClockSkew = TimeSpan.Zero,
    };

    private static readonly TokenValidationParameters AnyTime = Parameters.Clone();

    // The handler refuses every token with these parameters, so a valid result comes from the cache.
    private static readonly TokenValidationParameters Refusing =
        new()
        {
            ValidIssuer = "foreign",
            ValidAudience = "audience",
            IssuerSigningKey = Key,
            ClockSkew = TimeSpan.Zero
        };

    private readonly LaterTime _time = new();
    private readonly TokenRevocations _revocations = new();
    private readonly TokenValidationCache _tokens;

    public TokenValidationCacheTests() => _tokens = new TokenValidationCache(_time, _revocations);

    [Fact]
    public async Task A_remembered_token_validates_to_the_same_result()
    {
        var token = Token(TimeSpan.FromMinutes(5), Key);

        var first = await _tokens.ValidateTokenAsync(token, Parameters);
        var second = await _tokens.ValidateTokenAsync(new string(token), Parameters);

        Assert.True(first.IsValid);
        Assert.Equal(first.SecurityToken.ValidTo, second.SecurityToken.ValidTo);
        Assert.Equal("7", second.ClaimsIdentity.FindFirst("sub")?.Value);
    }

    [Fact]
    public async Task A_remembered_token_ends_when_it_runs_out()
    {
        var token = Token(TimeSpan.FromMinutes(5), Key);
        // From the second use on from the cache, which checks the expiry itself.
        Assert.True((await _tokens.ValidateTokenAsync(token, AnyTime)).IsValid);
        Assert.True((await _tokens.ValidateTokenAsync(token, Refusing)).IsValid);

        _time.Later = TimeSpan.FromMinutes(6);

        Assert.False((await _tokens.ValidateTokenAsync(token, Refusing)).IsValid);
    }

    [Fact]
    public async Task A_valid_token_is_found_by_its_whole_text_until_it_expires()
    {
        var token = Token(TimeSpan.FromMinutes(5), Key);
        Assert.Null(_tokens.Find(token));
        await _tokens.ValidateTokenAsync(token, Parameters);

        Assert.Equal("7", _tokens.Find(new string(token))?.Principal!.FindFirst("sub")?.Value);
        Assert.Null(_tokens.Find(token.AsSpan(0, token.Length - 1)));
        _time.Later = TimeSpan.FromMinutes(5) + TokenValidationCache.ClockSkew + TimeSpan.FromSeconds(1);
        Assert.Null(_tokens.Find(token));
    }

    [Fact]
    public async Task A_token_that_was_refused_is_not_found()
    {
        var token = Token(TimeSpan.FromMinutes(5), Key);
        Assert.False((await _tokens.ValidateTokenAsync(token, Refusing)).IsValid);

        Assert.Null(_tokens.Find(token));
    }

    [Fact]
    public async Task A_token_that_differs_in_its_last_character_is_checked_and_refused()
    {
        var token = Token(TimeSpan.FromMinutes(5), Key);
        Assert.True((await _tokens.ValidateTokenAsync(token, Parameters)).IsValid);

        Assert.False(
            (await _tokens.ValidateTokenAsync(token[..^2] + (token[^2] == 'A' ? "BA" : "AA"), Parameters)).IsValid);
        Assert.False(
            (await _tokens.ValidateTokenAsync(Token(TimeSpan.FromMinutes(5), new(new byte[64])), Parameters)).IsValid);
    }

    [Fact]
    public async Task A_cached_token_is_refused_once_its_user_has_a_higher_version()
    {
        var (first, second) = (Token(TimeSpan.FromMinutes(5), Key), Token(TimeSpan.FromMinutes(5), Key, version: 1));
        await _tokens.ValidateTokenAsync(first, Parameters);
        await _tokens.ValidateTokenAsync(second, Parameters);

        _revocations.Replace(new Dictionary<int, int> { [7] = 1, [8] = 5 });

        Assert.Null(_tokens.Find(first));
        Assert.False((await _tokens.ValidateTokenAsync(first, Parameters)).IsValid);
        Assert.NotNull(_tokens.Find(second));
        // An hour later, when the first has expired long ago.
        _revocations.Replace([]);
        Assert.NotNull(_tokens.Find(second));
    }

    [Theory]
    [InlineData("-1")]
    [InlineData("")]
    [InlineData("1.5")]
    [InlineData("99999999999")]
    public async Task A_token_whose_version_is_none_is_refused(string version)
    {
        var token = Token(TimeSpan.FromMinutes(5), Key, version);

        Assert.False((await _tokens.ValidateTokenAsync(token, Parameters)).IsValid);
    }

    [Fact]
    public async Task Check_for_revocation_allocates_nothing()
    {
        var token = Token(TimeSpan.FromMinutes(5), Key);
        await _tokens.ValidateTokenAsync(token, Parameters);
        foreach (var versions in (Dictionary<int, int>[])[[], new() { [8] = 1 }])
        {
            _revocations.Replace(versions);
            Assert.NotNull(_tokens.Find(token));

            var before = GC.GetAllocatedBytesForCurrentThread();
            for (var i = 0; i < 100; i++)
                _tokens.Find(token);

            Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
        }
    }

    [Fact]
    public async Task No_token_is_kept()
    {
        var token = Token(TimeSpan.FromMinutes(5), Key);

        var known = await _tokens.ValidateTokenAsync(token, Parameters);

        Assert.IsNotType<JsonWebToken>(known.SecurityToken);
        Assert.DoesNotContain(
            token, System.Text.Json.JsonSerializer.Serialize(known.SecurityToken, known.SecurityToken.GetType()));
        Assert.Null(known.ClaimsIdentity.BootstrapContext);
    }

    private sealed class LaterTime : TimeProvider
    {
        public TimeSpan Later { get; set; }

        public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + Later;
    }

    private static string Token(TimeSpan lifetime, SymmetricSecurityKey key, object? version = null) =>
        new JsonWebTokenHandler().CreateToken(new SecurityTokenDescriptor
        {
            Issuer = "issuer",
            Audience = "audience",
            Expires = DateTime.UtcNow + lifetime,
            Claims = new Dictionary<string, object>(
                version is null ? [] : [KeyValuePair.Create(TokenRevocations.VersionClaim, version)])
            {
                ["sub"] = "7",
                ["role"] = "ADMIN",
                ["tenant"] = "acme",
            },
            SigningCredentials = new SigningCredentials(key, SecurityAlgorithms.HmacSha256),
        });
}
