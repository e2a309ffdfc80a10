using System.Buffers;
using System.Buffers.Binary;
using System.Text;
using ECommerce.Caching.Tags;

namespace ECommerce.Caching.Serialization;

/// <summary>What was done to the payload of an entry in Redis, in this order.</summary>
[Flags]
internal enum EntryFlags : byte
{
    None = 0,
    Compressed = 1,
    Encrypted = 2,

    /// <summary>
    /// The entry ends when it is not read for a time. After it stands when it ends at the latest, as written by the
    /// script that stores it: Redis' own time in ms (64).
    /// </summary>
    Sliding = 4,
}

/// <summary>
/// An entry as it stands in Redis, read. The payload is as the flags declare; the header is everything before it.
/// </summary>
/// <param name="TypeId">Which type the payload is of.</param>
/// <param name="FreshFor">How long it was fresh when it was written.</param>
/// <param name="LivesFor">How long it was to live when it was written.</param>
/// <param name="Tags">What it depends on, each with the number up to which its invalidations are in the value.</param>
/// <param name="Payload">The value.</param>
/// <param name="Flags">What was done to the payload.</param>
/// <param name="KeyId">The encryption key, if there is one.</param>
/// <param name="Header">Everything before the payload.</param>
internal readonly record struct StoredEntry(
    ulong TypeId, TimeSpan FreshFor, TimeSpan LivesFor, IReadOnlyList<(string Tag, long Sequence)> Tags,
        ReadOnlyMemory<byte> Payload,
    EntryFlags Flags = EntryFlags.None, string KeyId = "", ReadOnlyMemory<byte> Header = default)
{
    /// <summary>
    /// The lowest of the tags' numbers: an invalidation above it makes the entry suspect, whatever it is of.
    /// </summary>
    public long Sequence => Tags.Count == 0 ? 0 : Tags.Min(tag => tag.Sequence);
}

/// <summary>
/// The self-describing form of an entry in Redis. All numbers are little-endian, texts are UTF-8 after a 32-bit length:
/// magic <c>ECC2</c> · lowest sequence number (64; at a fixed place, scripts in Redis read it) · flags (8) · the
/// encryption key's id if it is encrypted · type id (64) · key · fresh time in ms (64) · whole life in ms (64) · number
/// of tags (8), each a text and its sequence number (64) · payload after its length (32) · sentinel <c>5A A5</c> · if
/// it is sliding, its end (64).
/// </summary>
/// <remarks>
/// Lifetimes are lengths, not points in time: what is left follows from the key's TTL in Redis, so no node's clock is
/// compared with another's. Encryption covers the payload and authenticates everything before it; the key stands there,
/// so a value moved to another key is no longer authentic.
/// </remarks>
internal static class EntryFormat
{
    private const EntryFlags KnownFlags = EntryFlags.Compressed | EntryFlags.Encrypted | EntryFlags.Sliding;

    // Ten years in milliseconds: more is noise.
    private const long MaxLifetime = 315_360_000_000;

    private const int EndLength = sizeof(long);

    // Magic, sequence, flags, length of the key id, type, length of the key, two lifetimes.
    private const int FixedHeadLength = 4 + 8 + 1 + 4 + 8 + 4 + 8 + 8;

    /// <summary>What our entries begin with.</summary>
    public const string MagicText = "ECC2";

    private static ReadOnlySpan<byte> Magic => "ECC2"u8;

    private static ReadOnlySpan<byte> Sentinel => [0x5A, 0xA5];

    /// <summary>
    /// Writes an entry; with a key its payload is sealed, and its flags and key id must declare that.
    /// </summary>
    public static byte[] Write(string key, in StoredEntry entry, EncryptionKey? seal = null)
    {
        var buffer = new ArrayBufferWriter<byte>(entry.Payload.Length + 256);
        buffer.Write(Magic);
        WriteInt64(buffer, entry.Sequence);
        buffer.Write([(byte)entry.Flags]);
        if ((entry.Flags & EntryFlags.Encrypted) != 0)
            WriteText(buffer, entry.KeyId);
        WriteInt64(buffer, unchecked((long)entry.TypeId));
        WriteText(buffer, key);
        WriteInt64(buffer, (long)entry.FreshFor.TotalMilliseconds);
        WriteInt64(buffer, (long)entry.LivesFor.TotalMilliseconds);
        buffer.Write([(byte)entry.Tags.Count]);
        foreach (var (tag, sequence) in entry.Tags)
        {
            WriteText(buffer, tag);
            WriteInt64(buffer, sequence);
        }
        if (seal is null)
        {
            WriteInt32(buffer, entry.Payload.Length);
            buffer.Write(entry.Payload.Span);
        }
        else
        {
            var header = buffer.WrittenSpan;
            var length = entry.Payload.Length + EncryptionKey.Overhead;
            WriteInt32(buffer, length);
            seal.Seal(entry.Payload.Span, header, buffer.GetSpan(length)[..length]);
            buffer.Advance(length);
        }
        buffer.Write(Sentinel);
        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>
    /// Reads an entry that was written for this key; anything else, down to one missing or surplus byte, is refused.
    /// Tags that stand in the place where they are expected are these very texts and not new ones.
    /// </summary>
    public static bool TryRead(ReadOnlyMemory<byte> bytes, string key, out StoredEntry entry, TagSet? expected = null)
    {
        var reader = new Reader(bytes);
        if (!TryReadHead(ref reader, key, out entry, out var lowest) || !reader.TryBytes(1, out var count))
            return false;
        var tags = new (string, long)[count.Span[0]];
        var least = tags.Length == 0 ? 0 : long.MaxValue;
        for (var i = 0; i < tags.Length; i++)
        {
            if (!reader.TryText(out var tag, i < expected?.Count ? expected[i].State.Name : null)
                || !reader.TryInt64(out var sequence))
            {
                return false;
            }
            tags[i] = (tag, sequence);
            least = Math.Min(least, sequence);
        }
        var header = bytes[..^reader.Left];
        if ((entry.Flags & EntryFlags.Sliding) != 0 && !reader.TryCut(EndLength))
            return false;
        if (!reader.TryInt32(out var length) || !reader.TryBytes(length, out var payload) || !reader.Matches(Sentinel)
            || !reader.AtEnd)
        {
            return false;
        }
        entry = entry with { Tags = tags, Payload = payload, Header = header };
        return least == lowest;
    }

    /// <summary>Whether bytes begin as our entries do.</summary>
    public static bool IsOurs(ReadOnlySpan<byte> bytes) => bytes.StartsWith(Magic);

    /// <summary>How many bytes of an entry hold everything up to its lifetimes, at most.</summary>
    public static int HeadLength(string key) =>
        FixedHeadLength + EncryptionKeys.MaxIdLength + Encoding.UTF8.GetByteCount(key);

    /// <summary>
    /// Reads the lifetimes and what was done to the payload from the first <see cref="HeadLength"/> bytes. They are
    /// not authenticated.
    /// </summary>
    public static bool TryReadHead(ReadOnlyMemory<byte> bytes, string key, out StoredEntry head)
    {
        var reader = new Reader(bytes);
        return TryReadHead(ref reader, key, out head, out _);
    }

    private static bool TryReadHead(ref Reader reader, string key, out StoredEntry head, out long lowest)
    {
        (head, lowest) = (default, 0);
        if (!reader.Matches(Magic) || !reader.TryInt64(out lowest) || !reader.TryFlags(out var flags)
            || !reader.TryKeyId(flags, out var keyId)
            || !reader.TryInt64(out var typeId) || !reader.TryText(out var echo, key) || echo != key
            || !reader.TryInt64(out var fresh) || !reader.TryInt64(out var life) || fresh < 0 || life < fresh
                || life > MaxLifetime)
        {
            return false;
        }
        head = new StoredEntry(
            unchecked((ulong)typeId), TimeSpan.FromMilliseconds(fresh), TimeSpan.FromMilliseconds(life), [], default,
            flags, keyId);
        return true;
    }

    private static void WriteInt32(ArrayBufferWriter<byte> buffer, int value)
    {
        BinaryPrimitives.WriteInt32LittleEndian(buffer.GetSpan(4), value);
        buffer.Advance(4);
    }

    private static void WriteInt64(ArrayBufferWriter<byte> buffer, long value)
    {
        BinaryPrimitives.WriteInt64LittleEndian(buffer.GetSpan(8), value);
        buffer.Advance(8);
    }

    private static void WriteText(ArrayBufferWriter<byte> buffer, string text)
    {
        WriteInt32(buffer, Encoding.UTF8.GetByteCount(text));
        Encoding.UTF8.GetBytes(text, buffer);
    }

    private struct Reader(ReadOnlyMemory<byte> bytes)
    {
        private ReadOnlyMemory<byte> _rest = bytes;

        public readonly bool AtEnd => _rest.IsEmpty;

        public readonly int Left => _rest.Length;

        public bool TryBytes(int length, out ReadOnlyMemory<byte> taken)
        {
            taken = default;
            if (length < 0 || length > _rest.Length)
                return false;
            taken = _rest[..length];
            _rest = _rest[length..];
            return true;
        }

        /// <summary>Leaves out the last bytes.</summary>
        public bool TryCut(int length)
        {
            if (length > _rest.Length)
                return false;
            _rest = _rest[..^length];
            return true;
        }

        public bool Matches(ReadOnlySpan<byte> expected) =>
            TryBytes(expected.Length, out var taken) && taken.Span.SequenceEqual(expected);

        public bool TryFlags(out EntryFlags flags)
        {
            flags = TryBytes(1, out var taken) ? (EntryFlags)taken.Span[0] : ~KnownFlags;
            return (flags & ~KnownFlags) == 0;
        }

        public bool TryKeyId(EntryFlags flags, out string id)
        {
            id = string.Empty;
            return (flags & EntryFlags.Encrypted) == 0 || TryText(out id);
        }

        public bool TryInt32(out int value)
        {
            value = 0;
            if (!TryBytes(4, out var taken))
                return false;
            value = BinaryPrimitives.ReadInt32LittleEndian(taken.Span);
            return true;
        }

        public bool TryInt64(out long value)
        {
            value = 0;
            if (!TryBytes(8, out var taken))
                return false;
            value = BinaryPrimitives.ReadInt64LittleEndian(taken.Span);
            return true;
        }

        public bool TryText(out string text, string? expected = null)
        {
            text = string.Empty;
            if (!TryInt32(out var length) || !TryBytes(length, out var taken))
                return false;
            text = expected is not null && Ascii.Equals(taken.Span, expected) ? expected
                : Encoding.UTF8.GetString(taken.Span);
            return true;
        }
    }
}
