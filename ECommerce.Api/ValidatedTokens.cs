using System.Collections.Concurrent;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace ECommerce.Api;

/// <summary>
/// Remembers tokens that were found valid, by their whole text: to check the signature and parse the claims again and again costs more than a
/// warm answer. A token is valid until it runs out and for nothing longer, which is looked at every time; nothing else about it can change while
/// the process, and with it the signing key, lives.
/// </summary>
internal sealed class ValidatedTokens(TimeProvider time) : TokenHandler
{
    // Some kilobytes each. When there are more the memory starts anew: the next request of each pays once.
    private const int Most = 2000;

    private readonly JsonWebTokenHandler _handler = new() { MapInboundClaims = false };
    private readonly ConcurrentDictionary<string, TokenValidationResult> _valid = new(StringComparer.Ordinal);

    public override SecurityToken ReadToken(string token) => _handler.ReadToken(token);

    public override async Task<TokenValidationResult> ValidateTokenAsync(string token, TokenValidationParameters validationParameters)
    {
        if (_valid.TryGetValue(token, out var known))
        {
            if (known.SecurityToken.ValidTo + validationParameters.ClockSkew > time.GetUtcNow().UtcDateTime)
                return known;
            _valid.TryRemove(token, out _);
        }
        // What is refused is not remembered: anybody can send any number of such.
        var result = await _handler.ValidateTokenAsync(token, validationParameters);
        if (!result.IsValid)
            return result;
        if (_valid.Count >= Most)
            _valid.Clear();
        // Made now: it would be made by the first who asks, and several may.
        _ = result.ClaimsIdentity;
        _valid[token] = result;
        return result;
    }
}
