using System.Text;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace ECommerce.Api.Tests.Accounts;

public class ValidatedTokensTests
{
    private static readonly SymmetricSecurityKey Key = new(Encoding.ASCII.GetBytes(ApiFactory.SigningKey));
    private static readonly TokenValidationParameters Parameters = new()
    {
        ValidIssuer = "issuer",
        ValidAudience = "audience",
        IssuerSigningKey = Key,
        ClockSkew = TimeSpan.Zero,
    };

    private readonly ValidatedTokens _tokens = new(TimeProvider.System);

    [Fact]
    public async Task A_remembered_token_says_the_same_again()
    {
        var token = Token(TimeSpan.FromMinutes(5), Key);

        var first = await _tokens.ValidateTokenAsync(token, Parameters);
        var second = await _tokens.ValidateTokenAsync(new string(token), Parameters);

        Assert.True(first.IsValid);
        Assert.Same(first, second);
        Assert.Equal("7", second.ClaimsIdentity.FindFirst("sub")?.Value);
    }

    [Fact]
    public async Task A_remembered_token_ends_when_it_runs_out()
    {
        var token = Token(TimeSpan.FromSeconds(2), Key);
        Assert.True((await _tokens.ValidateTokenAsync(token, Parameters)).IsValid);

        await Task.Delay(TimeSpan.FromSeconds(2.1), TestContext.Current.CancellationToken);

        var late = await _tokens.ValidateTokenAsync(token, Parameters);
        Assert.False(late.IsValid);
        Assert.IsType<SecurityTokenExpiredException>(late.Exception);
    }

    [Fact]
    public async Task A_token_that_differs_in_its_last_character_is_checked_and_refused()
    {
        var token = Token(TimeSpan.FromMinutes(5), Key);
        Assert.True((await _tokens.ValidateTokenAsync(token, Parameters)).IsValid);

        Assert.False((await _tokens.ValidateTokenAsync(token[..^2] + (token[^2] == 'A' ? "BA" : "AA"), Parameters)).IsValid);
        Assert.False((await _tokens.ValidateTokenAsync(Token(TimeSpan.FromMinutes(5), new(new byte[64])), Parameters)).IsValid);
    }

    private static string Token(TimeSpan lifetime, SymmetricSecurityKey key) => new JsonWebTokenHandler().CreateToken(new SecurityTokenDescriptor
    {
        Issuer = "issuer",
        Audience = "audience",
        Expires = DateTime.UtcNow + lifetime,
        Claims = new Dictionary<string, object> { ["sub"] = "7" },
        SigningCredentials = new SigningCredentials(key, SecurityAlgorithms.HmacSha256),
    });
}
