using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Polly;
using Polly.CircuitBreaker;
using Polly.Retry;

namespace ECommerce.ServiceDefaults.Resilience;

/// <summary>
/// One pipeline for each client and host: total timeout, retries, circuit breaker, timeout of the attempt.
/// They outlive the handlers, which the factory renews every few minutes. Safe and unsafe calls share their host's breaker.
/// </summary>
internal sealed partial class ResiliencePipelines(
    IOptionsMonitor<HttpResilienceOptions> options, TimeProvider time, ILogger<ResiliencePipelines> logger)
{
    private readonly ConcurrentDictionary<(string Client, string Host), Lazy<Pair>> _pipelines = new();

    public ResiliencePipeline<HttpResponseMessage> For(string client, string host, bool safe)
    {
        var pair = _pipelines.GetOrAdd(
            (client, host), key => new(() => Create(options.Get(key.Client), key.Host))).Value;
        return safe ? pair.Safe : pair.Unsafe;
    }

    private Pair Create(HttpResilienceOptions settings, string host)
    {
        var attempt = Builder()
            .AddCircuitBreaker(Breaker(settings, host))
            .AddTimeout(settings.AttemptTimeout)
            .Build();
        var safe = Builder().AddTimeout(settings.TotalTimeout);
        if (settings.Retries > 0) safe.AddRetry(Retry(settings, host));
        return new(safe.AddPipeline(attempt).Build(), Builder().AddTimeout(settings.TotalTimeout).AddPipeline(attempt).Build());
    }

    private ResiliencePipelineBuilder<HttpResponseMessage> Builder() => new() { TimeProvider = time };

    private RetryStrategyOptions<HttpResponseMessage> Retry(HttpResilienceOptions settings, string host) => new()
    {
        MaxRetryAttempts = settings.Retries,
        Delay = settings.RetryDelay,
        BackoffType = DelayBackoffType.Exponential,
        UseJitter = true,
        // Asked to stay away for longer than we would wait at all: the answer itself is the better result.
        ShouldHandle = retry => ValueTask.FromResult(
            Transient.Is(retry.Outcome) && !(Transient.RetryAfter(retry.Outcome.Result, time.GetUtcNow()) > settings.TotalTimeout)),
        DelayGenerator = retry => ValueTask.FromResult(Transient.RetryAfter(retry.Outcome.Result, time.GetUtcNow())),
        OnRetry = retry =>
        {
            LogRetry(host, retry.AttemptNumber + 1, retry.RetryDelay.TotalMilliseconds, Reason(retry.Outcome));
            return default;
        },
    };

    private CircuitBreakerStrategyOptions<HttpResponseMessage> Breaker(HttpResilienceOptions settings, string host) => new()
    {
        FailureRatio = settings.BreakRatio,
        MinimumThroughput = settings.BreakMinimum,
        SamplingDuration = settings.BreakWindow,
        BreakDuration = settings.BreakDuration,
        ShouldHandle = attempt => ValueTask.FromResult(Transient.Is(attempt.Outcome)),
        OnOpened = opened =>
        {
            LogOpened(host, opened.BreakDuration.TotalSeconds, Reason(opened.Outcome));
            return default;
        },
        OnClosed = _ =>
        {
            LogClosed(host);
            return default;
        },
    };

    // The status or the kind of the exception: a message could hold an address.
    private static string Reason(Outcome<HttpResponseMessage> outcome) =>
        outcome.Exception?.GetType().Name ?? outcome.Result?.StatusCode.ToString() ?? "";

    [LoggerMessage(LogLevel.Information, "Retry {Attempt} of a call to {Host} in {DelayMilliseconds:0} ms after {Reason}")]
    private partial void LogRetry(string host, int attempt, double delayMilliseconds, string reason);

    [LoggerMessage(LogLevel.Warning, "Circuit to {Host} opened for {Seconds} s after {Reason}")]
    private partial void LogOpened(string host, double seconds, string reason);

    [LoggerMessage(LogLevel.Information, "Circuit to {Host} closed")]
    private partial void LogClosed(string host);

    private sealed record Pair(ResiliencePipeline<HttpResponseMessage> Safe, ResiliencePipeline<HttpResponseMessage> Unsafe);
}
