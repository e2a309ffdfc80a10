using System.Globalization;

namespace ECommerce.Features.PrestaShop.Webservice;

/// <summary>
/// Shops return local times without a zone. The merchants are Italian, so the zone is Europe/Rome, independent of the
/// machine's.
/// </summary>
internal static class ShopClock
{
    private static readonly TimeZoneInfo Rome = TimeZoneInfo.TryFindSystemTimeZoneById("Europe/Rome", out var zone)
        ? zone
        : CentralEuropean();

    public static DateTime? ToUtc(string text)
    {
        if (!DateTime.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.None, out var local))
            return null;
        local = DateTime.SpecifyKind(local, DateTimeKind.Unspecified);
        // In the skipped hour of spring: the time of a clock that was not moved forward.
        if (Rome.IsInvalidTime(local))
            local = local.AddHours(1);
        return TimeZoneInfo.ConvertTimeToUtc(local, Rome);
    }

    // For a machine without a time zone database: the rule of the European Union since 1996.
    private static TimeZoneInfo CentralEuropean()
    {
        var forward = TimeZoneInfo.TransitionTime.CreateFloatingDateRule(
            new DateTime(1, 1, 1, 2, 0, 0), 3, 5, DayOfWeek.Sunday);
        var back = TimeZoneInfo.TransitionTime.CreateFloatingDateRule(
            new DateTime(1, 1, 1, 3, 0, 0), 10, 5, DayOfWeek.Sunday);
        var rule = TimeZoneInfo.AdjustmentRule.CreateAdjustmentRule(
            new DateTime(1996, 1, 1), DateTime.MaxValue.Date, TimeSpan.FromHours(1), forward, back);
        return TimeZoneInfo.CreateCustomTimeZone("CET", TimeSpan.FromHours(1), "CET", "CET", "CEST", [rule]);
    }
}
