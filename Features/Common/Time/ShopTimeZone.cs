using Microsoft.Extensions.Configuration;

namespace ECommerce.Features.Common.Time;

/// <summary>The zone of the days of orders that were made here: SHOP_TIME_ZONE, by default Europe/Rome.</summary>
internal sealed class ShopTimeZone
{
    private const string SettingName = "SHOP_TIME_ZONE";
    private const string Default = "Europe/Rome";

    private readonly TimeZoneInfo _zone;

    /// <exception cref="InvalidOperationException">The setting names no zone of this machine.</exception>
    public ShopTimeZone(IConfiguration configuration)
    {
        Name = configuration[SettingName] is { Length: > 0 } name ? name : Default;
        if (TimeZoneInfo.TryFindSystemTimeZoneById(Name, out var zone))
            _zone = zone;
        else if (Name == Default)
            _zone = CentralEuropean();
        else
            throw new InvalidOperationException($"{SettingName}: '{Name}' is no time zone of this machine.");
    }

    public string Name { get; }

    public TimeZoneInfo Zone => _zone;

    public DateOnly DayOf(DateTime utc) =>
        DateOnly.FromDateTime(TimeZoneInfo.ConvertTimeFromUtc(DateTime.SpecifyKind(utc, DateTimeKind.Utc), _zone));

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
