using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using ECommerce.Features.Common.Secrets;
using Microsoft.Extensions.Configuration;

namespace ECommerce.Features.Invoices.Channel.Pool;

/// <summary>A place in a pool: where an event is, or where the next page begins.</summary>
internal sealed record PoolPosition(string PartitionKey, string RowKey)
{
    /// <summary>Whether it comes after another one in the order of the pool; null: before all.</summary>
    public bool IsBeyond(PoolPosition? other) => other is null
        || string.CompareOrdinal(PartitionKey, other.PartitionKey) is > 0
        || (PartitionKey == other.PartitionKey && string.CompareOrdinal(RowKey, other.RowKey) > 0);
}

/// <summary>
/// Positions in a pool as tokens for clients: signed, and bound to a tenant, so that a client can neither make one nor
/// use that of another tenant. The same position of a tenant has the same token, so that pages can be cached by it.
/// </summary>
internal sealed class PageTokens
{
    private const string SettingName = "DATA_PROTECTION_KEY";
    private const int MinKeyCharacters = 32;
    private const int MacSize = 16;
    private const int MaxToken = 1024;
    private const char Separator = '\n';

    private readonly IReadOnlyList<byte[]> _keys;

    private PageTokens(IReadOnlyList<byte[]> keys) => _keys = keys;

    public static PageTokens Read(IConfiguration configuration) => new(
    [
        .. SecretKey.Parse(
            SettingName, configuration[SettingName], static value => value.Length >= MinKeyCharacters,
            $"{MinKeyCharacters} characters").Select(static key => HKDF.DeriveKey(
                HashAlgorithmName.SHA256, Encoding.UTF8.GetBytes(key.Value), 32,
                info: "ecommerce page tokens of the pool"u8.ToArray())),
    ]);

    public string Create(Tenant tenant, PoolPosition position)
    {
        var text = Encoding.UTF8.GetBytes($"{position.PartitionKey}{Separator}{position.RowKey}");
        return Base64Url.EncodeToString([.. Mac(_keys[0], tenant, text), .. text]);
    }

    /// <exception cref="BadInputException">The token was not made here, or for another tenant.</exception>
    public PoolPosition Open(Tenant tenant, string token) => Find(tenant, token)
        ?? throw BadInputException.OfQuery("page_token", "It is not a token that a page of this pool has returned.");

    /// <summary>Whether the token was made here for the tenant.</summary>
    public bool IsValid(Tenant tenant, string token) => Find(tenant, token) is not null;

    private PoolPosition? Find(Tenant tenant, string token)
    {
        if (token.Length is > 0 and <= MaxToken && Base64Url.IsValid(token))
        {
            var bytes = Base64Url.DecodeFromChars(token);
            if (bytes.Length > MacSize
                && _keys.Any(key => CryptographicOperations.FixedTimeEquals(
                    Mac(key, tenant, bytes[MacSize..]), bytes.AsSpan(0, MacSize)))
                && Encoding.UTF8.GetString(bytes, MacSize, bytes.Length - MacSize).Split(Separator)
                    is [var partition, var row])
            {
                return new PoolPosition(partition, row);
            }
        }
        return null;
    }

    private static byte[] Mac(byte[] key, Tenant tenant, byte[] text) =>
        HMACSHA256.HashData(key, (byte[])[.. Encoding.UTF8.GetBytes(tenant.Slug), 0, .. text])[..MacSize];
}
