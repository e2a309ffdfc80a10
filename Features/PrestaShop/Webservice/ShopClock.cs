using System.Globalization;

namespace ECommerce.Features.PrestaShop.Webservice;

/// <summary>The local time of a shop, which the webservice writes without a zone.</summary>
internal sealed class ShopClock(TimeZoneInfo zone)
{
    private const string Format = "yyyy-MM-dd HH:mm:ss";

    /// <summary>The zone of most merchants: for shops that name none.</summary>
    public static ShopClock Rome { get; } =
        new(TimeZoneInfo.TryFindSystemTimeZoneById("Europe/Rome", out var rome) ? rome : CentralEuropean());

    public string ZoneId => zone.Id;

    /// <summary>The clock of a zone of the time zone database; null when there is none of that name.</summary>
    public static ShopClock? Find(string? zoneId) =>
        zoneId is { Length: > 0 } && TimeZoneInfo.TryFindSystemTimeZoneById(zoneId, out var zone)
            ? new ShopClock(zone)
            : null;

    /// <summary>Null for a text that is no time.</summary>
    public DateTime? ToUtc(string text)
    {
        if (!DateTime.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.None, out var local))
            return null;
        local = DateTime.SpecifyKind(local, DateTimeKind.Unspecified);
        // In the skipped hour of spring: the time of a clock that was not moved forward.
        if (zone.IsInvalidTime(local))
            local = local.AddHours(1);
        return TimeZoneInfo.ConvertTimeToUtc(local, zone);
    }

    /// <summary>A moment as the shop writes it.</summary>
    public string ToLocal(DateTimeOffset moment) =>
        TimeZoneInfo.ConvertTime(moment, zone).ToString(Format, CultureInfo.InvariantCulture);

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
