using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Claims;
using System.Security.Cryptography;
using System.Text;
using ECommerce.Features.Accounts.Revocation;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace ECommerce.Api.Authentication;

/// <summary>
/// Caches the claims of valid tokens by the SHA-256 hash of the token: validating the signature and parsing the claims
/// costs more than a warm response. The token itself is not stored. Expiry and revocation are checked on every use;
/// nothing else about a token changes while the process, and with it the set of signing keys, lives.
/// </summary>
internal sealed class TokenValidationCache(TimeProvider time, TokenRevocations revocations) : TokenHandler
{
    /// <summary>How long after its expiry a token is still accepted; 30 s.</summary>
    public static readonly TimeSpan ClockSkew = TimeSpan.FromSeconds(30);

    // About a kilobyte each. A full cache is cleared: the next request with each token is validated once.
    private const int MaxEntries = 2000;

    private readonly JsonWebTokenHandler _handler = new() { MapInboundClaims = false };
    private readonly ConcurrentDictionary<UInt256, ValidToken> _valid = [];

    public override SecurityToken ReadToken(string token) => _handler.ReadToken(token);

    /// <summary>A cached token that has neither expired nor been revoked; null if it has to be validated.</summary>
    public ValidToken? Find(ReadOnlySpan<char> token) => Find(UInt256.From(token), ClockSkew);

    public override async Task<TokenValidationResult> ValidateTokenAsync(
        string token, TokenValidationParameters validationParameters)
    {
        var hash = UInt256.From(token);
        if (Find(hash, validationParameters.ClockSkew) is { } known)
            return known.Validation;
        // Invalid tokens are not cached: a client can send any number of them.
        var result = await _handler.ValidateTokenAsync(token, validationParameters);
        if (!result.IsValid)
            return result;
        if (TokenClaims.Refusal((JsonWebToken)result.SecurityToken, result.ClaimsIdentity) is { } refusal)
            return new TokenValidationResult { IsValid = false, Exception = refusal };
        if (TokenRevocations.VersionOf(result.ClaimsIdentity) is not { } version)
            return Refused("The claim ver is no version.");
        var userId = int.Parse(
            result.ClaimsIdentity.FindFirst(CurrentUser.IdClaim)!.Value, CultureInfo.InvariantCulture);
        if (revocations.IsRevoked(userId, version))
            return Refused("The token was revoked.");
        if (_valid.Count >= MaxEntries)
            _valid.Clear();
        var identity = result.ClaimsIdentity;
        // Copies: the original claims reference the token.
        var claims = identity.Claims.Select(claim => new Claim(claim.Type, claim.Value, claim.ValueType, claim.Issuer));
        var kept = new TokenValidationResult
        {
            IsValid = true,
            ClaimsIdentity = new ClaimsIdentity(
                claims, identity.AuthenticationType, identity.NameClaimType, identity.RoleClaimType),
            SecurityToken = new Validity(result.SecurityToken),
        };
        _valid[hash] = new ValidToken(kept, userId, version);
        return kept;
    }

    private static TokenValidationResult Refused(string reason) =>
        new() { IsValid = false, Exception = new SecurityTokenValidationException(reason) };

    private ValidToken? Find(UInt256 hash, TimeSpan clockSkew)
    {
        if (!_valid.TryGetValue(hash, out var known))
            return null;
        if (known.Validation.SecurityToken.ValidTo + clockSkew > time.GetUtcNow().UtcDateTime
            && !revocations.IsRevoked(known.UserId, known.Version))
        {
            return known;
        }
        _valid.TryRemove(hash, out _);
        return null;
    }

    /// <summary>The issuer and the validity of a token, without its text and key.</summary>
    private sealed class Validity(SecurityToken token) : SecurityToken
    {
        public override string Id { get; } = token.Id;
        public override string Issuer { get; } = token.Issuer;
        public override SecurityKey? SecurityKey => null;

        public override SecurityKey? SigningKey
        {
            get => null;
            set => throw new NotSupportedException("The signature has been validated.");
        }

        public override DateTime ValidFrom { get; } = token.ValidFrom;
        public override DateTime ValidTo { get; } = token.ValidTo;
    }

    private readonly record struct UInt256(UInt128 High, UInt128 Low)
    {
        public static UInt256 From(ReadOnlySpan<char> text)
        {
            Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
            // Nearly every token fits on the stack, so that its text is not copied to the heap.
            var maxBytes = Encoding.UTF8.GetMaxByteCount(text.Length);
            var bytes = maxBytes <= 2048 ? stackalloc byte[2048] : new byte[maxBytes];
            SHA256.HashData(bytes[..Encoding.UTF8.GetBytes(text, bytes)], hash);
            return new UInt256(
                BinaryPrimitives.ReadUInt128LittleEndian(hash), BinaryPrimitives.ReadUInt128LittleEndian(hash[16..]));
        }
    }
}
