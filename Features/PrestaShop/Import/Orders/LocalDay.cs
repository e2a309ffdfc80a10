using System.Globalization;

namespace ECommerce.Features.PrestaShop.Import.Orders;

/// <summary>
/// The day of a time that the shop sent: its times are local and carry no zone, so it is the first part of the text.
/// </summary>
internal static class LocalDay
{
    public static DateTime Of(string? shopTime) =>
        DateTime.TryParseExact(
            shopTime is { Length: > 10 } ? shopTime[..10] : shopTime, "yyyy-MM-dd", CultureInfo.InvariantCulture,
            DateTimeStyles.None, out var day) ? day : DateTime.UnixEpoch.Date;
}
