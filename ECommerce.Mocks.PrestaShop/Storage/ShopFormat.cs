using System.Globalization;

namespace ECommerce.Mocks.PrestaShop.Storage;

/// <summary>How the webservice writes numbers and dates.</summary>
internal static class ShopFormat
{
    public const string ZeroDate = "0000-00-00 00:00:00";

    public static string Date(DateTime date) => date.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);

    public static DateTime Time(string text) =>
        DateTime.ParseExact(text, "yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);

    public static string Money(decimal value) => value.ToString("0.000000", CultureInfo.InvariantCulture);

    public static string Id(int value) => value.ToString(CultureInfo.InvariantCulture);

    public static decimal Decimal(string text) =>
        decimal.TryParse(text, NumberStyles.Number, CultureInfo.InvariantCulture, out var value) ? value : 0;

    public static int Int(string text) =>
        int.TryParse(text, NumberStyles.Integer, CultureInfo.InvariantCulture, out var value) ? value : 0;

    public static decimal Cents(decimal value) => Math.Round(value, 2, MidpointRounding.AwayFromZero);
}
