using System.Globalization;
using System.Text.RegularExpressions;

namespace ECommerce.Caching.Policies;

/// <summary>
/// Durations in configuration. <see cref="TimeSpan.Parse(string)"/> reads <c>60</c> as 60 days and <c>24:00:00</c> as
/// 24 days; here each text has one meaning, or none.
/// </summary>
internal static partial class DurationText
{
    public const string Allowed =
        "a time such as 00:05:00 or 1.12:00:00, or a number with a unit (500ms, 30s, 5m, 24h, 7d)";

    private static readonly string[] Formats =
    [
        @"h\:mm\:ss", @"hh\:mm\:ss", @"hh\:mm\:ss\.FFFFFFF", @"d\.hh\:mm\:ss", @"d\.hh\:mm\:ss\.FFFFFFF",
    ];

    public static bool TryParse(string text, out TimeSpan value)
    {
        if (TimeSpan.TryParseExact(text, Formats, CultureInfo.InvariantCulture, out value))
            return true;
        if (Unit().Match(text) is not { Success: true } match
            || !long.TryParse(match.Groups[1].ValueSpan, CultureInfo.InvariantCulture, out var number))
        {
            return false;
        }
        var unit = match.Groups[2].Value switch
        {
            "ms" => TimeSpan.TicksPerMillisecond,
            "s" => TimeSpan.TicksPerSecond,
            "m" => TimeSpan.TicksPerMinute,
            "h" => TimeSpan.TicksPerHour,
            _ => TimeSpan.TicksPerDay,
        };
        if (number > TimeSpan.MaxValue.Ticks / unit)
            return false;
        value = new TimeSpan(number * unit);
        return true;
    }

    [GeneratedRegex("^([0-9]{1,18})(ms|s|m|h|d)$")]
    private static partial Regex Unit();
}
