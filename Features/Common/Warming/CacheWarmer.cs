using System.Diagnostics.Metrics;
using ECommerce.Caching;
using ECommerce.Caching.Warming;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace ECommerce.Features.Common.Warming;

/// <summary>
/// Fills the memory of this node: at its start, and when it is asked to. Two reads at a time and two hundred a second
/// at most, each only while requests leave half of the database's permits free.
/// </summary>
internal sealed partial class CacheWarmer : BackgroundService, ICacheWarmer
{
    /// <summary>For how long a start waits for its warming.</summary>
    public static readonly TimeSpan MaxStart = TimeSpan.FromSeconds(10);

    private const int Concurrency = DatabaseGate.MaxWarmingPermits;
    private const int MaxFailuresInSuccession = 10;
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    private readonly WarmingPlan _plan;
    private readonly DatabaseGate _gate;
    private readonly SchemaState _schema;
    private readonly CacheHealth _cache;
    private readonly WarmServices _services;
    private readonly IResponsePreloader _responses;
    private readonly TimeProvider _time;
    private readonly ILogger<CacheWarmer> _logger;
    private readonly Counter<long> _reads;
    private readonly Meter _meter;
    private readonly Lock _lock = new();
    private readonly SemaphoreSlim _waiting = new(0);
    private readonly bool _isAtStart;
    private WarmingRun _present;
    private WarmingRun? _next;
    private long _schemaSeenAt;
    private volatile bool _isStartOver;

    public CacheWarmer(
        WarmingPlan plan, DatabaseGate gate, SchemaState schema, CacheHealth cache, WarmServices services,
        IResponsePreloader responses, WarmingSettings settings, IMeterFactory meters, TimeProvider time,
        ILogger<CacheWarmer> logger)
    {
        (_plan, _gate, _schema, _cache, _services, _responses, _time, _logger) =
            (plan, gate, schema, cache, services, responses, time, logger);
        _isAtStart = settings.IsOn && plan.IsUseful;
        _present = new WarmingRun(0, null, time, _isAtStart ? WarmingState.Waiting : WarmingState.Off);
        if (_isAtStart)
            _ = Begin(null);
        _meter = meters.Create("ECommerce.Features");
        _reads = _meter.CreateCounter<long>("warming_reads_total", description: "Reads that filled memory.");
        _meter.CreateObservableGauge(
            "warming_remaining", () => Progress is { State: WarmingState.Running } run ? run.Total - run.Done : 0,
            description: "Reads that the present warming has still to make.");
    }

    public WarmingProgress Progress
    {
        get
        {
            lock (_lock)
                return (_present.State == WarmingState.Running ? _present : _next ?? _present).Progress;
        }
    }

    /// <summary>
    /// Whether the start need not wait for warming any longer: it is done, it takes too long, or there is none. Once
    /// true it stays so.
    /// </summary>
    public bool IsStartOver => !_isAtStart || _isStartOver
        || (_schema.IsReady && Volatile.Read(ref _schemaSeenAt) is > 0 and var at
            && (_isStartOver = _time.GetElapsedTime(at) >= MaxStart));

    public WarmingProgress Begin(string? tenant)
    {
        lock (_lock)
        {
            if (!_plan.IsUseful)
                return _present.Progress;
            if (_next is null)
            {
                _next = new WarmingRun(_present.Number + 1, tenant, _time, WarmingState.Waiting);
                _waiting.Release();
            }
            else if (_next.Tenant != tenant)
            {
                // One run for all that ask meanwhile.
                _next = new WarmingRun(_next.Number, null, _time, WarmingState.Waiting);
            }
            return _next.Progress;
        }
    }

    public override void Dispose()
    {
        base.Dispose();
        _waiting.Dispose();
        _meter.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            while (true)
            {
                await _waiting.WaitAsync(stoppingToken);
                await RunAsync(stoppingToken);
                _isStartOver = true;
            }
        }
        catch (OperationCanceledException)
        {
            // The process stops.
        }
    }

    private async Task RunAsync(CancellationToken ct)
    {
        // What is stored before this node receives invalidations is dropped when it begins to.
        while (!_schema.IsReady || !_cache.ServesMemory)
        {
            if (_schema.IsReady && _schemaSeenAt == 0)
                Volatile.Write(ref _schemaSeenAt, _time.GetTimestamp());
            await Task.Delay(Pause, _time, ct);
        }
        Interlocked.CompareExchange(ref _schemaSeenAt, _time.GetTimestamp(), 0);
        WarmingRun run;
        lock (_lock)
        {
            (run, _next) = (_next!, null);
            _present = run;
            run.Start();
        }
        try
        {
            await ReadAsync(run, await _plan.CreateAsync(run.Tenant, ct), ct);
            LogWarmed(run.Number, run.Progress.Done, run.Progress.Failed, (long)run.Progress.Elapsed.TotalMilliseconds);
        }
        catch (Exception exception) when (!ct.IsCancellationRequested)
        {
            LogFailed(exception, run.Number);
        }
        finally
        {
            run.End();
        }
    }

    private async Task ReadAsync(WarmingRun run, IReadOnlyList<PlannedRead> reads, CancellationToken ct)
    {
        run.SetTotal(reads.Count);
        LogBegun(run.Number, reads.Count);
        using var pace = new PeriodicTimer(Pace, _time);
        var failed = 0;
        foreach (var together in reads.Chunk(Concurrency))
        {
            await pace.WaitForNextTickAsync(ct);
            var outcomes = await Task.WhenAll(together.Select(read => TryReadAsync(run, read, ct)));
            failed = Array.TrueForAll(outcomes, static isRead => isRead) ? 0 : failed + 1;
            if (failed == MaxFailuresInSuccession)
                throw new InvalidOperationException("Reads fail one after another: what they read from is not there.");
        }
    }

    private async Task<bool> TryReadAsync(WarmingRun run, PlannedRead read, CancellationToken ct)
    {
        // Taken before the read: a request that joins it must not wait until there is less traffic.
        using var permit = await _gate.AcquireForWarmingAsync(ct);
        var scope = _gate.BeginWarming(permit);
        try
        {
            await read.Read.RunAsync(read.Tenant, read.Argument, _services, ct);
            if (read.Read.KeyOf(read.Tenant, read.Argument, _services.Hash) is { } key)
                await _responses.LoadAsync(key);
            _reads.Add(1, new KeyValuePair<string, object?>("outcome", "read"));
            run.Ended(isFailed: false);
            return true;
        }
        catch (Exception exception) when (!ct.IsCancellationRequested)
        {
            _reads.Add(1, new KeyValuePair<string, object?>("outcome", "failed"));
            run.Ended(isFailed: true);
            LogReadFailed(exception, read.Read.Policy.Pattern);
            return false;
        }
        finally
        {
            scope.End();
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Warming {Run} begins: {Total} reads.")]
    private partial void LogBegun(long run, int total);

    [LoggerMessage(
        Level = LogLevel.Information,
        Message = "Warming {Run} is done: {Done} reads in {Milliseconds} ms, {Failed} of them failed.")]
    private partial void LogWarmed(long run, int done, int failed, long milliseconds);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Warming {Run} has failed.")]
    private partial void LogFailed(Exception exception, long run);

    [LoggerMessage(Level = LogLevel.Debug, Message = "Warming could not read an entry of {Pattern}.")]
    private partial void LogReadFailed(Exception exception, string pattern);
}
