using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace ECommerce.Caching.Tests.Policies;

public class DurationTests
{
    private const string Fresh = "Cache:Policies:p.{tenant}.{id}:Fresh";

    [Theory]
    [InlineData("24:00:00")]
    [InlineData("60")]
    [InlineData("5 m")]
    [InlineData("-30s")]
    [InlineData("0s")]
    [InlineData("1:90:00")]
    [InlineData("5M")]
    [InlineData("99999999999h")]
    [InlineData("4000d")]
    public void A_lifetime_without_a_clear_unit_or_out_of_range_stops_the_start_naming_the_variable(string text)
    {
        var refused = Assert.Throws<OptionsValidationException>(() => Read((Fresh, text)));

        Assert.Contains("Cache:Policies:p.{tenant}.{id}:Fresh", refused.Message, StringComparison.Ordinal);
        Assert.Contains("30s", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("00:05:00", 300)]
    [InlineData("1.12:00:00", 129_600)]
    [InlineData("00:00:00.5", 0.5)]
    [InlineData("500ms", 0.5)]
    [InlineData("30s", 30)]
    [InlineData("5m", 300)]
    [InlineData("24h", 86_400)]
    [InlineData("7d", 604_800)]
    public void A_lifetime_in_the_exact_format_or_with_a_unit_is_read(string text, double seconds) =>
        Assert.Equal(seconds, Read((Fresh, text)).FreshOverride("p:{tenant}:{id}")!.Value.TotalSeconds);

    [Theory]
    [InlineData("CACHE_DEFAULT_TTL", "5m", 300)]
    [InlineData("CACHE_DEFAULT_TTL", "7", 7)]
    [InlineData("CACHE_DEFAULT_TTL", "00:01:00", 60)]
    public void A_lifetime_in_seconds_may_name_a_unit(string name, string text, double seconds) =>
        Assert.Equal(seconds, Read((name, text)).DefaultTtl.TotalSeconds);

    [Theory]
    [InlineData("CACHE_DEFAULT_TTL", "24:00:00")]
    [InlineData("CACHE_STALE_TTL", "1y")]
    [InlineData("CACHE_RECOVERY_TIMEOUT", "99999999999999999999")]
    [InlineData("CACHE_RECOVERY_TIMEOUT", "500ms")]
    [InlineData("CACHE_KEY_PREFIX", "a b")]
    [InlineData("CACHE_KEY_PREFIX", "a:b")]
    [InlineData("CACHE_KEY_PREFIX", "{a}")]
    public void A_variable_that_cannot_be_read_stops_the_start_naming_it(string name, string text) =>
        Assert.StartsWith(
            name, Assert.Throws<OptionsValidationException>(() => Read((name, text))).Message,
            StringComparison.Ordinal);

    private static CacheSettings Read((string Name, string Value) variable) =>
        new(new ConfigurationBuilder().AddInMemoryCollection(
            [KeyValuePair.Create(variable.Name, (string?)variable.Value)]).Build());
}
