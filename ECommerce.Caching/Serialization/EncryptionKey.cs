using System.Security.Cryptography;

namespace ECommerce.Caching.Serialization;

/// <summary>
/// A master key and what it seals: AES-256-GCM (NIST SP 800-38D) under a key of its own for every payload, derived by
/// HKDF-SHA-256 (RFC 5869) from the master key and a random salt. A sealed payload is salt (32 bytes) · ciphertext ·
/// authentication tag (16).
/// </summary>
/// <remarks>
/// GCM is broken by one repeated pair of key and nonce, and random nonces of 96 bits under one key run out at some 2^32
/// payloads. Both halves of the pair come from a salt of 256 bits here, so there is nothing to count and nothing to
/// keep in step between nodes.
/// </remarks>
internal sealed class EncryptionKey(string id, byte[] master)
{
    public const int MasterSize = 32;

    private const int SaltSize = 32;
    private const int TagSize = 16;
    private const int KeySize = 32;
    private const int NonceSize = 12;

    /// <summary>How much longer a payload becomes.</summary>
    public const int Overhead = SaltSize + TagSize;

    /// <summary>Stands in the entry in plain text, so that a node knows which of its keys to take.</summary>
    public string Id { get; } = id;

    private static ReadOnlySpan<byte> Purpose => "ECommerce.Caching entry 1"u8;

    /// <summary>
    /// Seals a payload into a destination of its length plus <see cref="Overhead"/>. What is associated stays readable
    /// and cannot be changed.
    /// </summary>
    public void Seal(ReadOnlySpan<byte> payload, ReadOnlySpan<byte> associated, Span<byte> destination)
    {
        var salt = destination[..SaltSize];
        RandomNumberGenerator.Fill(salt);
        Span<byte> derived = stackalloc byte[KeySize + NonceSize];
        HKDF.DeriveKey(HashAlgorithmName.SHA256, master, derived, salt, Purpose);
        using var cipher = new AesGcm(derived[..KeySize], TagSize);
        cipher.Encrypt(
            derived[KeySize..], payload, destination.Slice(SaltSize, payload.Length),
            destination[(SaltSize + payload.Length)..], associated);
        CryptographicOperations.ZeroMemory(derived);
    }

    /// <summary>
    /// The payload; null if anything in it, or in what is associated with it, is not as it was sealed, or another key
    /// sealed it.
    /// </summary>
    public byte[]? Open(ReadOnlySpan<byte> sealedPayload, ReadOnlySpan<byte> associated)
    {
        if (sealedPayload.Length < Overhead)
            return null;
        var payload = new byte[sealedPayload.Length - Overhead];
        Span<byte> derived = stackalloc byte[KeySize + NonceSize];
        HKDF.DeriveKey(HashAlgorithmName.SHA256, master, derived, sealedPayload[..SaltSize], Purpose);
        using var cipher = new AesGcm(derived[..KeySize], TagSize);
        try
        {
            cipher.Decrypt(
                derived[KeySize..], sealedPayload[SaltSize..^TagSize], sealedPayload[^TagSize..], payload, associated);
            return payload;
        }
        catch (AuthenticationTagMismatchException)
        {
            return null;
        }
        finally
        {
            CryptographicOperations.ZeroMemory(derived);
        }
    }
}
