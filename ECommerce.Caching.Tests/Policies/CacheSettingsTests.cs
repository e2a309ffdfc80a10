using Microsoft.Extensions.Configuration;

namespace ECommerce.Caching.Tests.Policies;

/// <summary>What can be set, by which variables, and what holds where nothing is.</summary>
public class CacheSettingsTests
{
    [Fact]
    public void A_setting_without_a_variable_has_its_default()
    {
        var settings = Read();

        Assert.Equal((true, CacheBackend.Hybrid, true), (settings.Enabled, settings.Backend, settings.RetryOnTimeout));
        Assert.Equal(
            (1000, 64L << 20, 1 << 20, 4096),
            (settings.MaxMemItems, settings.MaxMemBytes, settings.MaxValueSize, settings.CompressionThreshold));
        Assert.Equal(
            [300, 900, 30, 5, 300],
            Seconds(settings.DefaultTtl, settings.StaleTtl, settings.NullTtl, settings.FillLockLifetime,
            settings.RecoveryTimeout));
        Assert.Equal(
            [0.2, 0.25, 0.25], Seconds(settings.RedisTimeout, settings.AcknowledgementTimeout, settings.FailureWindow));
        Assert.Equal(0.5, settings.ErrorThreshold);
    }

    [Fact]
    public void Every_variable_is_read()
    {
        var settings = Read(
            ("CACHE_ENABLED", "false"), ("CACHE_BACKEND", "redis"), ("REDIS_RETRY_ON_TIMEOUT", "false"),
                ("CACHE_DEFAULT_TTL", "11"), ("CACHE_STALE_TTL", "12"),
            ("CACHE_RECOVERY_TIMEOUT", "13"), ("CACHE_MAX_MEM_ITEMS", "14"), ("CACHE_MAX_MEM_BYTES", "1500"),
                ("CACHE_MAX_VALUE_SIZE", "16"), ("CACHE_ERROR_THRESHOLD", "0.17"));

        Assert.Equal((false, CacheBackend.Redis, false), (settings.Enabled, settings.Backend, settings.RetryOnTimeout));
        Assert.Equal([11, 12, 13], Seconds(settings.DefaultTtl, settings.StaleTtl, settings.RecoveryTimeout));
        Assert.Equal(
            (14, 1500, 16, 0.17),
            (settings.MaxMemItems, settings.MaxMemBytes, settings.MaxValueSize, settings.ErrorThreshold));
    }

    private static CacheSettings Read(params (string Name, string Value)[] variables) =>
        new(new ConfigurationBuilder().AddInMemoryCollection(
            variables.Select(variable => KeyValuePair.Create(variable.Name, (string?)variable.Value))).Build());

    private static double[] Seconds(params TimeSpan[] times) =>
        Array.ConvertAll(times, static time => time.TotalSeconds);
}
