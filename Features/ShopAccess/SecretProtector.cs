using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace ECommerce.Features.ShopAccess;

/// <summary>
/// Secrets that we must be able to read again (keys of shops) stand in the database only as AES-256-GCM:
/// <c>1 | nonce | tag | ciphertext</c>, bound to a purpose, so that a value copied to another tenant's row does not
/// open.
/// </summary>
internal sealed class SecretProtector(byte[] key)
{
    private const byte Format = 1;
    private const int NonceSize = 12;
    private const int TagSize = 16;
    private const int Overhead = 1 + NonceSize + TagSize;

    private const int MinKeyCharacters = 32;

    private static readonly string Invalid =
        $"DATA_PROTECTION_KEY must be a secret text of at least {MinKeyCharacters} characters"
        + " (openssl rand -base64 32).";

    public static SecretProtector Read(IConfiguration configuration) =>
        configuration["DATA_PROTECTION_KEY"] is { Length: >= MinKeyCharacters } text
            ? new SecretProtector(HKDF.DeriveKey(
                HashAlgorithmName.SHA256, Encoding.UTF8.GetBytes(text), 32,
                info: "ecommerce secrets at rest"u8.ToArray()))
            : throw new OptionsValidationException(nameof(SecretProtector), typeof(SecretProtector), [Invalid]);

    public byte[] Protect(string secret, string purpose)
    {
        var plain = Encoding.UTF8.GetBytes(secret);
        var sealedValue = new byte[Overhead + plain.Length];
        sealedValue[0] = Format;
        RandomNumberGenerator.Fill(sealedValue.AsSpan(1, NonceSize));
        using var aes = new AesGcm(key, TagSize);
        aes.Encrypt(
            sealedValue.AsSpan(1, NonceSize), plain, sealedValue.AsSpan(Overhead), sealedValue.AsSpan(
                1 + NonceSize, TagSize), Encoding.UTF8.GetBytes(purpose));
        return sealedValue;
    }

    /// <exception cref="CryptographicException">The value was changed, belongs to another purpose, or the key is
    /// another one.</exception>
    public string Unprotect(byte[] sealedValue, string purpose)
    {
        if (sealedValue.Length < Overhead || sealedValue[0] != Format)
            throw new CryptographicException("Not a protected secret.");
        var plain = new byte[sealedValue.Length - Overhead];
        using var aes = new AesGcm(key, TagSize);
        aes.Decrypt(
            sealedValue.AsSpan(1, NonceSize), sealedValue.AsSpan(Overhead), sealedValue.AsSpan(
                1 + NonceSize, TagSize), plain, Encoding.UTF8.GetBytes(purpose));
        return Encoding.UTF8.GetString(plain);
    }
}
