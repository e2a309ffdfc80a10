using ECommerce.Caching.Policies;
using ECommerce.Caching.Redis;
using ECommerce.Caching.SingleFlight;
using Microsoft.Extensions.Hosting;

namespace ECommerce.Caching.Coherence;

/// <inheritdoc cref="ICacheFlags"/>
/// <remarks>
/// A change goes to the store, to this node, and to the others by the backplane. A node that joins, or has missed
/// something, reads the store; every node does so at intervals, for changes made while Redis was not available.
/// </remarks>
internal sealed class CacheFlags : BackgroundService, ICacheFlags
{
    private const string Command = "flag";
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(10);

    private readonly CacheEngine _engine;
    private readonly Backplane? _backplane;
    private readonly ICacheFlagStore? _store;
    private readonly TimeProvider _time;
    private readonly Lock _order = new();
    private long _changes;

    public CacheFlags(
        CacheEngine engine, BackplaneCommands commands, TimeProvider time, Backplane? backplane = null,
            ICacheFlagStore? store = null)
    {
        (_engine, _backplane, _store, _time) = (engine, backplane, store, time);
        commands.On(Command, (text, _) => ApplyMessage(text));
        if (backplane is not null)
            backplane.Joined += () => _ = ReadStoreAsync(CancellationToken.None);
    }

    public IReadOnlyList<CacheFlagState> All =>
        [.. _engine.Policies.Flags.OrderBy(flag => flag.Name, StringComparer.Ordinal)
            .Select(flag => new CacheFlagState(flag.Name, flag.IsOn, flag.IsSet))];

    public async Task<InvalidationOutcome> SetAsync(
        string name, bool? isOn, CancellationToken cancellationToken = default)
    {
        var flag = _engine.Policies.Flags.FirstOrDefault(flag => flag.Name == name)
            ?? throw new ArgumentException(
                $"There is no cache flag '{name}'; there are {string.Join(", ", All.Select(known => known.Name))}.",
                nameof(name));
        if (_store is not null)
            await _store.WriteAsync(name, isOn, cancellationToken).ConfigureAwait(false);
        Apply(flag, isOn);
        if (_engine.Redis is not { } redis || _backplane is not { } backplane)
            return InvalidationOutcome.Applied;
        try
        {
            var text = $"{name}={isOn switch { true => "on", false => "off", null => "default" }}";
            return await backplane.PublishAsync(
                [BackplaneCommands.Write(Command, text)], await redis.DrawAsync().ConfigureAwait(false)).ConfigureAwait(
                false);
        }
        catch (Exception exception) when (RedisFailure.Is(exception))
        {
            _engine.RedisFailed(exception, "flag", name);
            return InvalidationOutcome.Deferred;
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (_store is null || _engine.Policies.Flags.Count == 0)
            return;
        using var timer = new PeriodicTimer(Period, _time);
        try
        {
            do
            {
                await ReadStoreAsync(stoppingToken).ConfigureAwait(false);
            }
            while (await timer.WaitForNextTickAsync(stoppingToken).ConfigureAwait(false));
        }
        catch (OperationCanceledException)
        {
            // The process stops.
        }
    }

    private async Task ReadStoreAsync(CancellationToken cancellationToken)
    {
        if (_store is null)
            return;
        try
        {
            var before = Volatile.Read(ref _changes);
            var set = await _store.ReadAsync(cancellationToken).ConfigureAwait(false);
            lock (_order)
            {
                // A change that came while the store was read is newer than what was read.
                if (before != _changes)
                    return;
                foreach (var flag in _engine.Policies.Flags)
                    Apply_NeedsLock(flag, set.TryGetValue(flag.Name, out var on) ? on : null);
            }
        }
        catch (Exception exception) when (
            exception is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            // The flags stay as they are; the next look comes soon.
            _engine.Log.FlagsNotRead(exception);
        }
    }

    private void ApplyMessage(string text)
    {
        if (text.Split('=') is [var name, var state]
            && _engine.Policies.Flags.FirstOrDefault(flag => flag.Name == name) is { } flag)
        {
            Apply(flag, state switch { "on" => true, "off" => false, _ => null });
        }
    }

    private void Apply(CacheFlag flag, bool? on)
    {
        lock (_order)
        {
            _changes++;
            Apply_NeedsLock(flag, on);
        }
    }

    private void Apply_NeedsLock(CacheFlag flag, bool? on)
    {
        // What memory has is not looked at any more after this, because it is not there; what is put there in between
        // looks at the flag afterwards.
        if (flag.Set(on))
            _engine.Memory.Layer.RemoveWhere(entry => entry.Policy.Flag == flag);
    }
}
