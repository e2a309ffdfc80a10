using System.Globalization;
using ECommerce.Caching.Diagnostics;
using ECommerce.Caching.Keys;
using ECommerce.Caching.Policies;
using ECommerce.Caching.Registration;
using ECommerce.Caching.Serialization;
using Microsoft.Extensions.Caching.Hybrid;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace ECommerce.Caching;

/// <summary>Where values are kept.</summary>
public enum CacheBackend
{
    /// <summary>In the memory of the process and in Redis.</summary>
    Hybrid,

    /// <summary>In Redis alone.</summary>
    Redis,

    /// <summary>In the memory of the process alone; no Redis is needed, and there is one node.</summary>
    Memory,
}

/// <summary>
/// The settings of the cache: environment variables <c>CACHE_*</c>, or the same names in the section <c>Cache</c>
/// (<c>Cache:MaxMemItems</c>).
/// </summary>
public sealed class CacheSettings
{
    private readonly IConfigurationSection? _policies;
    private readonly IConfiguration? _configuration;

    /// <summary>Settings with their defaults.</summary>
    public CacheSettings()
    {
    }

    /// <summary>Reads the settings.</summary>
    /// <exception cref="OptionsValidationException">A value is not allowed; the message names the variable and what is
    /// allowed.</exception>
    public CacheSettings(IConfiguration configuration)
        : this(configuration, new MultiLevelCacheOptions())
    {
    }

    internal CacheSettings(IConfiguration configuration, MultiLevelCacheOptions options, string? name = null)
    {
        options.Validate();
        (Name, DefaultEntryOptions) = (name, options.DefaultEntryOptions);
        (MaxValueSize, MaximumKeyLength) = ((int)options.MaximumPayloadBytes, options.MaximumKeyLength);
        if (options.DisableCompression)
            CompressionThreshold = int.MaxValue;
        _configuration = configuration;
        var reader = new Reader(configuration);
        Enabled = reader.Boolean("CACHE_ENABLED", Enabled);
        Backend = reader.Backend("CACHE_BACKEND", Backend);
        // No segment of a policy has a point: no key of another cache begins like this.
        KeyPrefix = reader.Prefix("CACHE_KEY_PREFIX") + (name is null ? string.Empty : $"keyed.{name}:");
        DefaultTtl = reader.Seconds("CACHE_DEFAULT_TTL", DefaultTtl, 1, 31_536_000);
        StaleTtl = reader.Seconds("CACHE_STALE_TTL", StaleTtl, 0, 31_536_000);
        MaxMemItems = (int)reader.Integer("CACHE_MAX_MEM_ITEMS", MaxMemItems, 1, int.MaxValue);
        MaxMemBytes = reader.Integer("CACHE_MAX_MEM_BYTES", MaxMemBytes, 1024, long.MaxValue);
        MaxValueSize = (int)reader.Integer("CACHE_MAX_VALUE_SIZE", MaxValueSize, 1, 512 * 1024 * 1024);
        EncryptionKeys = reader.Keys(EncryptionKeys.SettingName);
        ErrorThreshold = reader.Share("CACHE_ERROR_THRESHOLD", ErrorThreshold);
        RecoveryTimeout = reader.Seconds("CACHE_RECOVERY_TIMEOUT", RecoveryTimeout, 1, 86_400);
        RetryOnTimeout = reader.Boolean("REDIS_RETRY_ON_TIMEOUT", RetryOnTimeout);
        MetricsEnabled = reader.Boolean("CACHE_METRICS_ENABLED", MetricsEnabled);
        LogLevel = reader.Level("CACHE_LOG_LEVEL");
        _policies = configuration.GetSection("Cache:Policies");
        foreach (var policy in _policies.GetChildren())
        {
            _ = Override(policy.Key, "Fresh");
            _ = Override(policy.Key, "Stale");
        }
    }

    /// <summary><c>CACHE_ENABLED</c>: off, every read runs its factory. Default on.</summary>
    public bool Enabled { get; init; } = true;

    /// <summary><c>CACHE_BACKEND</c>: hybrid, redis or memory. Default hybrid.</summary>
    public CacheBackend Backend { get; init; } = CacheBackend.Hybrid;

    /// <summary>
    /// <c>CACHE_KEY_PREFIX</c>: stands, with a colon, before every key and channel in Redis, so that applications in
    /// one database share nothing. Letters, digits, <c>_</c>, <c>-</c> and <c>.</c>. Default none.
    /// </summary>
    public string KeyPrefix { get; init; } = string.Empty;

    /// <summary><c>CACHE_DEFAULT_TTL</c> in seconds: the lifetime of entries without a policy. Default 300 s.</summary>
    public TimeSpan DefaultTtl { get; init; } = TimeSpan.FromSeconds(300);

    /// <summary><c>CACHE_STALE_TTL</c> in seconds: the stale time of entries without a policy. Default 900 s.</summary>
    public TimeSpan StaleTtl { get; init; } = TimeSpan.FromSeconds(900);

    /// <summary><c>CACHE_MAX_MEM_ITEMS</c>: the most entries in memory. Default 1000.</summary>
    public int MaxMemItems { get; init; } = 1000;

    /// <summary><c>CACHE_MAX_MEM_BYTES</c>: the most bytes in memory. Default 64 MiB.</summary>
    public long MaxMemBytes { get; init; } = 64 * 1024 * 1024;

    /// <summary>
    /// <c>CACHE_MAX_VALUE_SIZE</c> in bytes: a larger value goes to its callers and is not kept. Default 1 MiB.
    /// </summary>
    public int MaxValueSize { get; init; } = 1024 * 1024;

    /// <summary>The service key of a keyed cache.</summary>
    internal string? Name { get; }
    internal HybridCacheEntryOptions? DefaultEntryOptions { get; }
    internal int MaximumKeyLength { get; } = KeyFaults.MaxKeyLength;

    /// <summary>
    /// From how many bytes on a value is compressed before it goes to Redis, if that saves a fifth. Default 4 KiB;
    /// <see cref="int.MaxValue"/>: never.
    /// </summary>
    public int CompressionThreshold { get; init; } = 4 * 1024;

    /// <summary>
    /// <c>CACHE_ENCRYPTION_KEY</c>, <c>kid:base64[,kid:base64…]</c> of 32 bytes each: the first key encrypts what
    /// policies call sensitive, all of them decrypt. Default none: sensitive values stay in memory.
    /// </summary>
    internal EncryptionKeys EncryptionKeys { get; init; } = EncryptionKeys.None;

    /// <summary><c>REDIS_RETRY_ON_TIMEOUT</c>: whether a read that timed out is tried once more. Default on.</summary>
    public bool RetryOnTimeout { get; init; } = true;

    /// <summary>
    /// <c>CACHE_ERROR_THRESHOLD</c>: the share of calls to Redis within 30 s, of at least ten, that may fail before
    /// the circuit opens. Default 0.5.
    /// </summary>
    public double ErrorThreshold { get; init; } = 0.5;

    /// <summary>
    /// <c>CACHE_RECOVERY_TIMEOUT</c> in seconds: the longest time the circuit stays open before a probe; the first time
    /// it is one second. Default 300 s.
    /// </summary>
    public TimeSpan RecoveryTimeout { get; init; } = TimeSpan.FromSeconds(300);

    /// <summary><c>CACHE_METRICS_ENABLED</c>: whether the instruments are published. Default on.</summary>
    public bool MetricsEnabled { get; init; } = true;

    /// <summary>
    /// <c>CACHE_LOG_LEVEL</c>: debug, info, warning, error or none. Default: that of <c>Logging:LogLevel</c>.
    /// </summary>
    public LogLevel? LogLevel { get; init; }

    /// <summary>How long a call to Redis may take. Default 200 ms.</summary>
    public TimeSpan RedisTimeout { get; init; } = TimeSpan.FromMilliseconds(200);

    /// <summary>
    /// How long a write waits for the other nodes to apply its invalidation before it reports it as deferred.
    /// Default 250 ms.
    /// </summary>
    public TimeSpan AcknowledgementTimeout { get; init; } = TimeSpan.FromMilliseconds(250);

    /// <summary>The longest life of a cached null. Default 30 s.</summary>
    public TimeSpan NullTtl { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// How long later callers get the exception of a failed factory: at most this long, at least half of it.
    /// Default 250 ms.
    /// </summary>
    public TimeSpan FailureWindow { get; init; } = TimeSpan.FromMilliseconds(250);

    /// <summary>
    /// How long the node that makes a value for all may be silent before another one tries; it is renewed while the
    /// factory runs. Default 5 s.
    /// </summary>
    public TimeSpan FillLockLifetime { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary><c>CACHE_{NAME}_ENABLED</c>: whether the policies of a flag are cached. Default on.</summary>
    internal bool FlagDefault(string name) =>
        _configuration is null || new Reader(_configuration).Boolean($"CACHE_{name.ToUpperInvariant()}_ENABLED", true);

    internal FaultInjection Faults { get; } = FaultInjection.Present;

    internal TimeSpan? FreshOverride(string pattern) => Override(pattern, "Fresh");

    internal TimeSpan? StaleOverride(string pattern) => Override(pattern, "Stale");

    private TimeSpan? Override(string pattern, string which)
    {
        // A colon parts sections in configuration keys, so a pattern is one with its colons written as they are or as
        // dots.
        var text = _policies?[$"{pattern}:{which}"] ?? _policies?[$"{pattern.Replace(':', '.')}:{which}"];
        if (text is null)
            return null;
        var least = which == "Fresh" ? CachePolicy.MinLifetime : TimeSpan.Zero;
        if (!DurationText.TryParse(text, out var value) || value < least || value > CachePolicy.MaxLifetime)
        {
            throw Refusal(
                $"Cache:Policies:{pattern}:{which} is '{text}'; allowed is {DurationText.Allowed}, up to 3650 days.");
        }
        return value;
    }

    /// <summary>The kind of exception that settings are refused with everywhere: the host shows its one line.</summary>
    internal static OptionsValidationException Refusal(string line) =>
        new(nameof(CacheSettings), typeof(CacheSettings), [line]);

    private sealed class Reader(IConfiguration configuration)
    {
        public bool Boolean(string name, bool fallback) => Text(name) switch
        {
            null => fallback,
            var text when bool.TryParse(text, out var value) => value,
            "1" => true,
            "0" => false,
            var text => throw Refuse(name, text, "true or false"),
        };

        public CacheBackend Backend(string name, CacheBackend fallback) => Text(name)?.ToUpperInvariant() switch
        {
            null => fallback,
            "HYBRID" => CacheBackend.Hybrid,
            "REDIS" => CacheBackend.Redis,
            "MEMORY" => CacheBackend.Memory,
            var text => throw Refuse(name, text, "hybrid, redis or memory"),
        };

        public LogLevel? Level(string name) => Text(name)?.ToUpperInvariant() switch
        {
            null => null,
            "DEBUG" => Microsoft.Extensions.Logging.LogLevel.Debug,
            "INFO" or "INFORMATION" => Microsoft.Extensions.Logging.LogLevel.Information,
            "WARNING" or "WARN" => Microsoft.Extensions.Logging.LogLevel.Warning,
            "ERROR" => Microsoft.Extensions.Logging.LogLevel.Error,
            "NONE" => Microsoft.Extensions.Logging.LogLevel.None,
            var text => throw Refuse(name, text, "debug, info, warning, error or none"),
        };

        public long Integer(string name, long fallback, long least, long most)
        {
            if (Text(name) is not { } text)
                return fallback;
            return long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value)
                && value >= least && value <= most
                ? value
                : throw Refuse(name, text, $"a whole number from {least} to {most}");
        }

        /// <summary>A number of seconds, or a duration that names its unit.</summary>
        public TimeSpan Seconds(string name, TimeSpan fallback, long least, long most)
        {
            if (Text(name) is not { } text)
                return fallback;
            var isKnown = long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
                ? seconds <= most : DurationText.TryParse(text, out _);
            var value = !isKnown ? default
                : DurationText.TryParse(text, out var named) ? named : TimeSpan.FromSeconds(seconds);
            return isKnown && value.TotalSeconds >= least && value.TotalSeconds <= most
                ? value
                : throw Refuse(
                    name, text, $"a whole number from {least} to {most}, in seconds, or {DurationText.Allowed}");
        }

        /// <summary>With its colon, whether or not that is written.</summary>
        public string Prefix(string name)
        {
            if (Text(name) is not { } text)
                return string.Empty;
            var prefix = text.EndsWith(':') ? text[..^1] : text;
            return prefix.Length is > 0 and <= 64
                && prefix.All(static c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-' or '.')
                ? prefix + ":"
                : throw Refuse(name, text, "a name of up to 64 letters, digits, '_', '-' and '.'");
        }

        public double Share(string name, double fallback)
        {
            if (Text(name) is not { } text)
                return fallback;
            return double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var value)
                && value is > 0 and <= 1
                ? value
                : throw Refuse(name, text, "a number above 0, up to 1");
        }

        // A secret: unlike the others it is not shown where it is refused.
        public EncryptionKeys Keys(string name) => EncryptionKeys.Parse(Text(name));

        private string? Text(string name)
        {
            var value = configuration[name] ?? configuration["Cache:" + SectionName(name)];
            return string.IsNullOrWhiteSpace(value) ? null : value.Trim();
        }

        // CACHE_MAX_MEM_ITEMS -> MaxMemItems
        private static string SectionName(string name) =>
            string.Concat(
                name.Split('_').Skip(name.StartsWith("CACHE_", StringComparison.Ordinal) ? 1 : 0)
                .Select(part => part[0] + part[1..].ToLowerInvariant()));

        private static OptionsValidationException Refuse(string name, string text, string allowed) =>
            Refusal($"{name} is '{text}'; allowed is {allowed}.");
    }
}
