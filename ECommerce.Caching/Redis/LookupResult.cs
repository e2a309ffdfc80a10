using System.Buffers.Binary;

namespace ECommerce.Caching.Redis;

/// <summary>
/// What <see cref="EntryScripts.Lookup"/> returns, little-endian: the value's time to live in ms (64) · a number (64) ·
/// the highest number issued, if the lock was granted (64) · what there is (8): 1 a value, 2 the lock was granted,
/// 4 another one holds it and the first number is how long it lasts in ms · the value.
/// </summary>
internal readonly struct LookupResult(byte[] bytes)
{
    private const int Header = 25;

    private readonly byte _flags = bytes[Header - 1];

    // Explicit type: a bare null converts to an empty ReadOnlyMemory.
    public ReadOnlyMemory<byte>? Value => (_flags & 1) != 0 ? bytes.AsMemory(Header) : default(ReadOnlyMemory<byte>?);

    public TimeSpan TimeToLive => TimeSpan.FromMilliseconds(BinaryPrimitives.ReadInt64LittleEndian(bytes));

    public bool IsGranted => (_flags & 2) != 0;

    public bool IsHeld => (_flags & 4) != 0;

    public long Number => BinaryPrimitives.ReadInt64LittleEndian(bytes.AsSpan(sizeof(long)));

    public long Issued => BinaryPrimitives.ReadInt64LittleEndian(bytes.AsSpan(2 * sizeof(long)));
}
