using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;
using ECommerce.Features.Common.Secrets;
using Microsoft.Extensions.Configuration;

namespace ECommerce.Features.ShopAccess;

/// <summary>
/// Secrets that we must be able to read again (keys of shops) stand in the database only as AES-256-GCM, bound to a
/// purpose, so that a value copied to another tenant's row does not open: <c>1 | nonce | tag | ciphertext</c> of a key
/// without an id, <c>2 | length of the id | id | nonce | tag | ciphertext</c> of one with an id.
/// </summary>
internal sealed class SecretProtector
{
    private const string SettingName = "DATA_PROTECTION_KEY";
    private const int MinKeyCharacters = 32;

    private const byte WithoutId = 1;
    private const byte WithId = 2;
    private const int NonceSize = 12;
    private const int TagSize = 16;

    private readonly (string Id, byte[] Secret)[] _keys;

    private SecretProtector((string Id, byte[] Secret)[] keys) => _keys = keys;

    /// <summary>The id of the key that encrypts; empty if it has none.</summary>
    public string CurrentId => _keys[0].Id;

    public static SecretProtector Read(IConfiguration configuration) => new(
    [
        .. SecretKey.Parse(
            SettingName, configuration[SettingName], static value => value.Length >= MinKeyCharacters,
            $"{MinKeyCharacters} characters").Select(static key => (key.Id, HKDF.DeriveKey(
                HashAlgorithmName.SHA256, Encoding.UTF8.GetBytes(key.Value), 32,
                info: "ecommerce secrets at rest"u8.ToArray()))),
    ]);

    public byte[] Protect(string secret, string purpose)
    {
        var plain = Encoding.UTF8.GetBytes(secret);
        var id = Encoding.ASCII.GetBytes(CurrentId);
        byte[] header = id.Length > 0 ? [WithId, (byte)id.Length, .. id] : [WithoutId];
        var sealedValue = new byte[header.Length + NonceSize + TagSize + plain.Length];
        header.CopyTo(sealedValue, 0);
        var body = sealedValue.AsSpan(header.Length);
        RandomNumberGenerator.Fill(body[..NonceSize]);
        using var aes = new AesGcm(_keys[0].Secret, TagSize);
        aes.Encrypt(
            body[..NonceSize], plain, body[(NonceSize + TagSize)..], body.Slice(NonceSize, TagSize),
            Encoding.UTF8.GetBytes(purpose));
        return sealedValue;
    }

    /// <exception cref="CryptographicException">The value was changed, belongs to another purpose, or its key is not
    /// among those of DATA_PROTECTION_KEY.</exception>
    public string Unprotect(byte[] sealedValue, string purpose)
    {
        var (id, body) = Split(sealedValue);
        // Without an id it may be of any key, which may have been given an id since.
        foreach (var key in _keys.Where(key => id is null || key.Id == id))
        {
            if (TryOpen(key.Secret, body, purpose, out var secret))
                return secret;
        }
        throw new CryptographicException(
            $"No key of {SettingName} opens this secret{(id is null ? "" : $", which names the key '{id}'")}.");
    }

    /// <summary>The same secret, encrypted with the first key; null if it is already.</summary>
    /// <exception cref="CryptographicException">As of <see cref="Unprotect"/>.</exception>
    public byte[]? Reprotect(byte[] sealedValue, string purpose)
    {
        var (id, body) = Split(sealedValue);
        return (id ?? "") == CurrentId && TryOpen(_keys[0].Secret, body, purpose, out _)
            ? null
            : Protect(Unprotect(sealedValue, purpose), purpose);
    }

    private static (string? Id, ReadOnlyMemory<byte> Body) Split(byte[] sealedValue)
    {
        var header = sealedValue switch
        {
            [WithoutId, ..] => 1,
            [WithId, var length, ..] => 2 + length,
            _ => int.MaxValue,
        };
        if (sealedValue.Length - NonceSize - TagSize < header)
            throw new CryptographicException("Not a protected secret.");
        return (
            header > 1 ? Encoding.ASCII.GetString(sealedValue, 2, header - 2) : null, sealedValue.AsMemory(header));
    }

    private static bool TryOpen(
        byte[] key, ReadOnlyMemory<byte> sealedBody, string purpose, [NotNullWhen(true)] out string? secret)
    {
        var body = sealedBody.Span;
        var plain = new byte[body.Length - NonceSize - TagSize];
        using var aes = new AesGcm(key, TagSize);
        try
        {
            aes.Decrypt(
                body[..NonceSize], body[(NonceSize + TagSize)..], body.Slice(NonceSize, TagSize), plain,
                Encoding.UTF8.GetBytes(purpose));
            secret = Encoding.UTF8.GetString(plain);
            return true;
        }
        catch (AuthenticationTagMismatchException)
        {
            secret = null;
            return false;
        }
    }
}
