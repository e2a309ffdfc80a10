using System.Globalization;

namespace ECommerce.Caching.Keys;

/// <summary>
/// A value as it stands in a key, before it is escaped: invariant culture, with all its digits, and the same for equal
/// values (<c>1.0</c> and <c>1.00</c>). Times of different kinds or offsets are different values here, though they may
/// be the same moment.
/// </summary>
internal static class KeyText
{
    /// <summary>Whether the text alone distinguishes values of the type.</summary>
    public static bool IsSimple(Type type) =>
        type.IsPrimitive || type.IsEnum || type == typeof(string) || type == typeof(decimal) || type == typeof(Guid)
            || type == typeof(DateTime) ||
        type == typeof(DateTimeOffset) || type == typeof(DateOnly) || type == typeof(TimeOnly)
            || type == typeof(TimeSpan) || type == typeof(Uri) ||
        type == typeof(Version) || type == typeof(Half) || type == typeof(Int128) || type == typeof(UInt128)
            || type == typeof(System.Numerics.BigInteger);

    public static string From<T>(T value) => value switch
    {
        string text => text,
        // Without a format these leave out fractions of seconds, or zeros make two texts of one number.
        DateTime moment => moment.ToString("O", CultureInfo.InvariantCulture),
        DateTimeOffset moment => moment.ToString("O", CultureInfo.InvariantCulture),
        DateOnly date => date.ToString("O", CultureInfo.InvariantCulture),
        TimeOnly time => time.ToString("O", CultureInfo.InvariantCulture),
        decimal number => number.ToString("G29", CultureInfo.InvariantCulture),
        double and 0 or float and 0 => "0",
        Uri address => address.OriginalString,
        IFormattable formattable => formattable.ToString(null, CultureInfo.InvariantCulture),
        null => throw new ArgumentNullException(nameof(value), "A key parameter must not be null."),
        _ => value.ToString() ?? string.Empty,
    };
}
