namespace ECommerce.Caching.Tests.Policies;

public class PolicyLimitsTests
{
    private const double YearMilliseconds = 365 * 86_400_000d;

    [Theory]
    [InlineData(10)]
    [InlineData(1)]
    [InlineData(-0.1)]
    [InlineData(double.NaN)]
    public void A_jitter_outside_0_to_1_is_refused_naming_the_policy(double jitter)
    {
        var refused = Assert.Throws<ArgumentException>(
            () => new CachePolicy("n:{tenant}:{id}", TimeSpan.FromMinutes(1), TimeSpan.Zero) { Jitter = jitter });

        Assert.Contains("n:{tenant}:{id}", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0.5)]
    [InlineData(0)]
    [InlineData(11 * YearMilliseconds)]
    public void A_fresh_time_below_a_millisecond_or_above_ten_years_is_refused_naming_the_policy(double milliseconds)
    {
        var refused = Assert.Throws<ArgumentException>(
            () => new CachePolicy("n:{tenant}:{id}", TimeSpan.FromMilliseconds(milliseconds), TimeSpan.Zero));

        Assert.Contains("n:{tenant}:{id}", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_lifetime_of_TimeSpan_MaxValue_is_refused_naming_the_policy() => Assert.All<Action>(
        [
            () => _ = new CachePolicy("n:{tenant}:{id}", TimeSpan.MaxValue, TimeSpan.Zero),
            () => _ = new CachePolicy("n:{tenant}:{id}", TimeSpan.FromMinutes(1), TimeSpan.MaxValue),
        ],
        make => Assert.Contains(
            "n:{tenant}:{id}", Assert.Throws<ArgumentException>(make).Message, StringComparison.Ordinal));
}
