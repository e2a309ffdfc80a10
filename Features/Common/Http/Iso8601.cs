using System.Globalization;

namespace ECommerce.Features.Common.Http;

/// <summary>ISO 8601 times: read with any offset (none means UTC), stored and written in UTC.</summary>
internal static class Iso8601
{
    private static readonly string[] Times =
    [
        "yyyy-MM-dd'T'HH:mm:ssK", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK", "yyyy-MM-dd'T'HH:mmK",
    ];

    public static bool TryParse(string text, out DateTime utc, out bool isDate)
    {
        isDate = DateTime.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, Utc, out utc);
        return isDate || DateTime.TryParseExact(text, Times, CultureInfo.InvariantCulture, Utc, out utc);
    }

    public static string Write(DateTime value) =>
        AsUtc(value).ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFF'Z'", CultureInfo.InvariantCulture);

    // DATETIME columns hold UTC but are read with an unspecified kind.
    private static DateTime AsUtc(DateTime value) =>
        value.Kind == DateTimeKind.Local ? value.ToUniversalTime() : DateTime.SpecifyKind(value, DateTimeKind.Utc);

    private const DateTimeStyles Utc = DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal;
}
