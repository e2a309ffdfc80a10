using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Security.Claims;
using System.Security.Cryptography;
using System.Text;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace ECommerce.Api;

/// <summary>
/// Remembers what valid tokens say, by the hash of their whole text: to check the signature and parse the claims again and again costs more than a
/// warm answer. No token is kept. One is valid until it runs out and for nothing longer, which is looked at every time; nothing else about it can
/// change while the process, and with it the signing key, lives.
/// </summary>
internal sealed class ValidatedTokens(TimeProvider time) : TokenHandler
{
    /// <summary>For how long after its end a token still is accepted.</summary>
    public static readonly TimeSpan ClockSkew = TimeSpan.FromSeconds(30);

    // About a kilobyte each. When there are more the memory starts anew: the next request of each pays once.
    private const int Most = 2000;

    private readonly JsonWebTokenHandler _handler = new() { MapInboundClaims = false };
    private readonly ConcurrentDictionary<UInt256, TokenValidationResult> _valid = [];

    public override SecurityToken ReadToken(string token) => _handler.ReadToken(token);

    /// <summary>What a token says that was found valid before, and still is.</summary>
    public TokenValidationResult? Find(ReadOnlySpan<char> token) => Find(UInt256.HashOf(token), ClockSkew);

    public override async Task<TokenValidationResult> ValidateTokenAsync(string token, TokenValidationParameters validationParameters)
    {
        var hash = UInt256.HashOf(token);
        if (Find(hash, validationParameters.ClockSkew) is { } known)
            return known;
        // What is refused is not remembered: anybody can send any number of such.
        var result = await _handler.ValidateTokenAsync(token, validationParameters);
        if (!result.IsValid)
            return result;
        if (_valid.Count >= Most)
            _valid.Clear();
        var identity = result.ClaimsIdentity;
        // Copies: the originals hold the token.
        var claims = identity.Claims.Select(claim => new Claim(claim.Type, claim.Value, claim.ValueType, claim.Issuer));
        return _valid[hash] = new TokenValidationResult
        {
            IsValid = true,
            ClaimsIdentity = new ClaimsIdentity(claims, identity.AuthenticationType, identity.NameClaimType, identity.RoleClaimType),
            SecurityToken = new Validity(result.SecurityToken),
        };
    }

    private TokenValidationResult? Find(UInt256 hash, TimeSpan clockSkew)
    {
        if (!_valid.TryGetValue(hash, out var known))
            return null;
        if (known.SecurityToken.ValidTo + clockSkew > time.GetUtcNow().UtcDateTime)
            return known;
        _valid.TryRemove(hash, out _);
        return null;
    }

    /// <summary>What is left of a token: whose it is, and until when it is valid.</summary>
    private sealed class Validity(SecurityToken token) : SecurityToken
    {
        public override string Id { get; } = token.Id;
        public override string Issuer { get; } = token.Issuer;
        public override SecurityKey? SecurityKey => null;

        public override SecurityKey? SigningKey
        {
            get => null;
            set => throw new NotSupportedException("It was checked already.");
        }

        public override DateTime ValidFrom { get; } = token.ValidFrom;
        public override DateTime ValidTo { get; } = token.ValidTo;
    }

    private readonly record struct UInt256(UInt128 High, UInt128 Low)
    {
        public static UInt256 HashOf(ReadOnlySpan<char> text)
        {
            Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
            // Nearly always it fits, and the token stands nowhere but on the stack.
            var most = Encoding.UTF8.GetMaxByteCount(text.Length);
            var bytes = most <= 2048 ? stackalloc byte[2048] : new byte[most];
            SHA256.HashData(bytes[..Encoding.UTF8.GetBytes(text, bytes)], hash);
            return new UInt256(BinaryPrimitives.ReadUInt128LittleEndian(hash), BinaryPrimitives.ReadUInt128LittleEndian(hash[16..]));
        }
    }
}
