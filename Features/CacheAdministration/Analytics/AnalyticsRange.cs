using ECommerce.Caching.History;

namespace ECommerce.Features.CacheAdministration.Analytics;

/// <summary>A time of the history in steps of whole minutes.</summary>
internal sealed record AnalyticsRange(DateTime From, int Steps, int StepMinutes)
{
    /// <summary>So many steps are shown where none are asked for.</summary>
    private const int DefaultSteps = 240;

    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    public DateTime To => From + (Steps * StepMinutes * Minute);

    public IReadOnlyList<DateTime> Times =>
        [.. Enumerable.Range(0, Steps).Select(step => From + (step * StepMinutes * Minute))];

    /// <summary>
    /// The part of the last 24 hours that is within a time, up to the present minute; null: it is empty.
    /// </summary>
    /// <param name="from">Its begin; null: 24 hours ago.</param>
    /// <param name="to">Its end; null: now.</param>
    /// <param name="stepMinutes">0: as many as give no more than 240 steps.</param>
    /// <param name="now">The present time.</param>
    public static AnalyticsRange? Find(DateTime? from, DateTime? to, int stepMinutes, DateTime now)
    {
        var last = Floor(now) + Minute;
        var end = to < last ? to.Value : last;
        var oldest = last - ICacheHistory.Reach;
        var begin = Floor(from > oldest ? from.Value : oldest);
        if (end <= begin)
            return null;
        var minutes = (int)Math.Ceiling((end - begin) / Minute);
        var step = stepMinutes > 0 ? stepMinutes : (minutes + DefaultSteps - 1) / DefaultSteps;
        return new AnalyticsRange(begin, (minutes + step - 1) / step, step);
    }

    public int StepOf(DateTimeOffset minute) => (int)((minute.UtcDateTime - From) / Minute) / StepMinutes;

    private static DateTime Floor(DateTime moment) => moment.AddTicks(-(moment.Ticks % Minute.Ticks));
}
