using ECommerce.Caching.Diagnostics;
using Polly;
using Polly.CircuitBreaker;

namespace ECommerce.Caching.Redis;

/// <summary>
/// The circuit breaker before Redis: opens when too many of at least ten calls within thirty seconds failed, lets one
/// call through after a second, and, as long as that fails too, after twice the time, up to
/// <see cref="CacheSettings.RecoveryTimeout"/>. A reported reconnection, or a heartbeat that a Redis accepts which had
/// refused, closes it at once.
/// </summary>
internal sealed class RedisCircuit
{
    private const string Dependency = "redis";
    private const int MinCalls = 10;
    private static readonly TimeSpan Window = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(1);

    private readonly CircuitBreakerManualControl _control = new();
    private readonly ResiliencePipeline _pipeline;
    private readonly TimeProvider _time;
    private readonly TimeSpan _callTimeout;
    private readonly RedisRefusals _refusals;
    private long _openedAt;
    private TimeSpan _pause;

    public RedisCircuit(
        CacheSettings settings, ConnectionMonitor watch, RedisRefusals refusals, CacheLog log, CacheMetrics metrics,
        TimeProvider time)
    {
        _refusals = refusals;
        _time = time;
        _callTimeout = settings.RedisTimeout;
        var options = new CircuitBreakerStrategyOptions
        {
            FailureRatio = settings.ErrorThreshold,
            MinimumThroughput = MinCalls,
            SamplingDuration = Window,
            ManualControl = _control,
            ShouldHandle = static arguments =>
                ValueTask.FromResult(arguments.Outcome.Exception is { } exception && RedisFailure.IsOutage(exception)),
            BreakDurationGenerator = arguments =>
                ValueTask.FromResult(PauseAfter(arguments.HalfOpenAttempts, settings.RecoveryTimeout)),
            OnOpened = arguments =>
            {
                _pause = arguments.BreakDuration;
                Volatile.Write(ref _openedAt, time.GetTimestamp());
                metrics.CircuitChanged(Dependency, CircuitState.Open);
                log.CircuitOpen(Dependency, arguments.Outcome.Exception?.Message ?? "too many calls failed");
                return default;
            },
            OnHalfOpened = _ =>
            {
                metrics.CircuitChanged(Dependency, CircuitState.HalfOpen);
                log.CircuitHalfOpen(Dependency);
                return default;
            },
            OnClosed = _ =>
            {
                Volatile.Write(ref _openedAt, 0);
                metrics.CircuitChanged(Dependency, CircuitState.Closed);
                log.CircuitClosed(Dependency);
                return default;
            },
        };
        _pipeline = new ResiliencePipelineBuilder { TimeProvider = time }.AddCircuitBreaker(options).Build();
        watch.Restored += () => _ = _control.CloseAsync();
        refusals.Ended += () => _ = _control.CloseAsync();
    }

    /// <summary>Whether a call would be made: asking costs less than being refused.</summary>
    public bool LetsThrough =>
        Volatile.Read(ref _openedAt) is var opened && (opened == 0 || _time.GetElapsedTime(opened) >= _pause);

    /// <summary>
    /// Makes a call within its time. The client knows no cancellation, so an abandoned call continues, and its outcome
    /// is ignored.
    /// </summary>
    /// <exception cref="TimeoutException">It took too long.</exception>
    /// <exception cref="BrokenCircuitException">It was not made.</exception>
    public async ValueTask<T> CallAsync<TState, T>(Func<TState, Task<T>> call, TState state)
    {
        if (Volatile.Read(ref _openedAt) != 0)
            return await ProbeAsync(call, state).ConfigureAwait(false);
        // All in this method: what lies between a caller and Redis costs every call.
        Task<T>? running = null;
        T result;
        try
        {
            running = call(state);
            result = await running.WaitAsync(_callTimeout).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            Forget(running);
            _refusals.Report(exception);
            await ReportAsync(exception).ConfigureAwait(false);
            throw;
        }
        await ReportAsync(null).ConfigureAwait(false);
        return result;
    }

    /// <summary>
    /// Makes a call within its time for inspection: its outcome neither opens nor closes the circuit.
    /// </summary>
    /// <exception cref="TimeoutException">It took too long.</exception>
    /// <exception cref="BrokenCircuitException">It was not made.</exception>
    public async Task<T> AsideAsync<TState, T>(Func<TState, Task<T>> call, TState state)
    {
        if (!LetsThrough)
            throw new BrokenCircuitException();
        return await InTimeAsync(call, state, _callTimeout).ConfigureAwait(false);
    }

    internal static TimeSpan PauseAfter(int failedProbes, TimeSpan longest)
    {
        var pause = FirstPause * Math.Pow(2, Math.Min(failedProbes, 30));
        return pause < longest ? pause : longest;
    }

    /// <summary>
    /// Reports the outcome of a call to the breaker: while closed it does not delay calls and keeps no state for their
    /// duration. If it has opened meanwhile, a call that began before is not its probe.
    /// </summary>
    private async ValueTask ReportAsync(Exception? failure)
    {
        if (Volatile.Read(ref _openedAt) != 0)
            return;
        var context = ResilienceContextPool.Shared.Get(continueOnCapturedContext: false);
        _ = await _pipeline.ExecuteOutcomeAsync(
            static (_, failure) => ValueTask.FromResult(
                failure is null ? Outcome.FromResult(true) : Outcome.FromException<bool>(failure)), context, failure)
                .ConfigureAwait(false);
        ResilienceContextPool.Shared.Return(context);
    }

    private async Task<T> ProbeAsync<TState, T>(Func<TState, Task<T>> call, TState state)
    {
        var context = ResilienceContextPool.Shared.Get(continueOnCapturedContext: false);
        try
        {
            return await _pipeline.ExecuteAsync(
                static async (_, s) => await InTimeAsync(s.call, s.state, s._callTimeout).ConfigureAwait(false),
                context, (call, state, _callTimeout))
                .ConfigureAwait(false);
        }
        finally
        {
            ResilienceContextPool.Shared.Return(context);
        }
    }

    private static async Task<T> InTimeAsync<TState, T>(Func<TState, Task<T>> call, TState state, TimeSpan timeout)
    {
        var running = call(state);
        try
        {
            return await running.WaitAsync(timeout).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            Forget(running);
            throw;
        }
    }

    private static void Forget(Task? running) =>
        _ = running?.ContinueWith(
            static done => done.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted,
            TaskScheduler.Default);
}
