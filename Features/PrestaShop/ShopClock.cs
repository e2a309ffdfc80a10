using System.Globalization;

namespace ECommerce.Features.PrestaShop;

/// <summary>Shops write local times without a zone. Our merchants are Italian: the zone is Rome's, whatever the zone of this machine.</summary>
internal static class ShopClock
{
    private static readonly TimeZoneInfo Rome = TimeZoneInfo.TryFindSystemTimeZoneById("Europe/Rome", out var zone) ? zone : CentralEuropean();

    public static DateTime? ToUtc(string text)
    {
        if (!DateTime.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.None, out var local))
            return null;
        local = DateTime.SpecifyKind(local, DateTimeKind.Unspecified);
        // The hour that does not exist in spring: what a clock that was not put forward shows.
        if (Rome.IsInvalidTime(local))
            local = local.AddHours(1);
        return TimeZoneInfo.ConvertTimeToUtc(local, Rome);
    }

    // A machine without a time zone database: the rule of the European Union since 1996.
    private static TimeZoneInfo CentralEuropean()
    {
        var forward = TimeZoneInfo.TransitionTime.CreateFloatingDateRule(new DateTime(1, 1, 1, 2, 0, 0), 3, 5, DayOfWeek.Sunday);
        var back = TimeZoneInfo.TransitionTime.CreateFloatingDateRule(new DateTime(1, 1, 1, 3, 0, 0), 10, 5, DayOfWeek.Sunday);
        var rule = TimeZoneInfo.AdjustmentRule.CreateAdjustmentRule(new DateTime(1996, 1, 1), DateTime.MaxValue.Date, TimeSpan.FromHours(1), forward, back);
        return TimeZoneInfo.CreateCustomTimeZone("CET", TimeSpan.FromHours(1), "CET", "CET", "CEST", [rule]);
    }
}
