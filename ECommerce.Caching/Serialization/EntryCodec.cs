using ECommerce.Caching.Tags;

namespace ECommerce.Caching.Serialization;

/// <summary>Why the bytes under a key in Redis are no entry that can be used.</summary>
internal enum EntryFault
{
    None,

    /// <summary>Not in the format, or of another key.</summary>
    Malformed,

    /// <summary>Plaintext under a sensitive key is rejected: write access to Redis must not allow forgery.</summary>
    NotEncrypted,

    /// <summary>Encrypted with a key this node does not have.</summary>
    UnknownKey,

    /// <summary>Changed, cut, moved from another key, or encrypted with another key of the same name.</summary>
    NotAuthentic,

    /// <summary>Not decompressible into what is allowed.</summary>
    NotDecompressible,

    /// <summary>No value of the type that is asked for.</summary>
    NotDeserializable,
}

/// <summary>
/// Between entries and their bytes in Redis: compresses what is worth it, then encrypts what is sensitive. In this
/// order, because ciphertext does not compress; the length of an encrypted entry therefore reveals how compressible its
/// value was.
/// </summary>
internal sealed class EntryCodec(CacheSettings settings)
{
    /// <summary>Whether sensitive entries can stand in Redis.</summary>
    public bool CanEncrypt => settings.EncryptionKeys.Writing is not null;

    public byte[] Write(string key, StoredEntry entry, bool encrypt, bool compress = true)
    {
        if (compress && entry.Payload.Length >= settings.CompressionThreshold
            && PayloadCompression.Compress(entry.Payload.Span) is { } smaller)
        {
            entry = entry with { Payload = smaller, Flags = entry.Flags | EntryFlags.Compressed };
        }
        if (!encrypt)
            return EntryFormat.Write(key, entry);
        var with = settings.EncryptionKeys.Writing
            ?? throw new InvalidOperationException("Without a key a sensitive entry must not leave the process.");
        return EntryFormat.Write(key, entry with { Flags = entry.Flags | EntryFlags.Encrypted, KeyId = with.Id }, with);
    }

    /// <summary>
    /// Reads what was written for this key. Nothing of an encrypted entry is believed, its tags and lifetimes included,
    /// before all of it is authentic.
    /// </summary>
    public EntryFault Read(
        ReadOnlyMemory<byte> bytes, string key, bool mustBeEncrypted, out StoredEntry entry, TagSet? expected = null)
    {
        if (!EntryFormat.TryRead(bytes, key, out entry, expected))
            return EntryFault.Malformed;
        if ((entry.Flags & EntryFlags.Encrypted) != 0)
        {
            if (settings.EncryptionKeys.Find(entry.KeyId) is not { } with)
                return EntryFault.UnknownKey;
            if (with.Open(entry.Payload.Span, entry.Header.Span) is not { } opened)
                return EntryFault.NotAuthentic;
            entry = entry with { Payload = opened };
        }
        else if (mustBeEncrypted)
        {
            return EntryFault.NotEncrypted;
        }
        if ((entry.Flags & EntryFlags.Compressed) != 0)
        {
            if (PayloadCompression.Decompress(entry.Payload.Span, settings.MaxValueSize) is not { } whole)
                return EntryFault.NotDecompressible;
            entry = entry with { Payload = whole };
        }
        return EntryFault.None;
    }
}
