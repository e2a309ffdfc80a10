using System.Buffers.Text;
using System.Globalization;
using System.Text;
using ECommerce.Caching.Coherence;

namespace ECommerce.Caching.Inspection;

/// <summary>
/// Where a listing goes on: in Redis, by the cursor of SCAN, or then in memory, behind a key. Any node can go on with
/// it, because it is all that there is to know.
/// </summary>
internal readonly record struct KeyCursor(ScanPosition? Redis, string AfterKey)
{
    private const char InRedis = 'r';
    private const char InMemory = 'm';

    public static readonly KeyCursor Start = new(default(ScanPosition), "");

    /// <summary>Where what only memory has begins.</summary>
    public static readonly KeyCursor Memory = new(null, "");

    public override string ToString() => Redis is { } at
        ? string.Create(CultureInfo.InvariantCulture, $"{InRedis}.{at.Server}.{at.Cursor}")
        : $"{InMemory}.{Base64Url.EncodeToString(Encoding.UTF8.GetBytes(AfterKey))}";

    /// <exception cref="ArgumentException">It is not one of ours.</exception>
    public static KeyCursor Parse(string? text)
    {
        if (text is null)
            return Start;
        return text.Split('.') switch
        {
            [[InRedis], var server, var cursor]
                when int.TryParse(server, NumberStyles.None, CultureInfo.InvariantCulture, out var at)
                && ulong.TryParse(cursor, NumberStyles.None, CultureInfo.InvariantCulture, out var position) =>
                new KeyCursor(new ScanPosition(at, position), ""),
            [[InMemory], var key] when Base64Url.IsValid(key) =>
                new KeyCursor(null, Encoding.UTF8.GetString(Base64Url.DecodeFromChars(key))),
            _ => throw new ArgumentException("The cursor is not one of a listing.", nameof(text)),
        };
    }
}
