using System.Diagnostics.CodeAnalysis;

namespace ECommerce.Features.Data.Overload;

/// <summary>
/// A request or a sync in front of the gate: all its connections share one permit, so none that has a permit waits for
/// another.
/// </summary>
[SuppressMessage(
    "Design", "CA1001", Justification = "A semaphore whose wait handle is never used holds nothing to dispose.")]
internal sealed class DatabaseScope(
    Func<long> now, Func<long, CancellationToken, ValueTask<IDisposable>> acquire, bool keepsPermit)
{
    private readonly SemaphoreSlim _acquiring = new(1);
    private readonly Lock _lock = new();
    private IDisposable? _permit;
    private bool _keepsPermit = keepsPermit;
    private int _uses;

    // Set by the first wait: all waits of a request together have one deadline.
    private long? _waitingSince;

    /// <summary>Begins a use; waits if the scope has no permit.</summary>
    public async ValueTask EnterAsync(CancellationToken ct)
    {
        if (TryShare())
            return;
        await _acquiring.WaitAsync(ct);
        try
        {
            if (TryShare())
                return;
            if (!_keepsPermit || _waitingSince is null)
                _waitingSince = now();
            var permit = await acquire(_waitingSince.Value, ct);
            lock (_lock)
            {
                _permit = permit;
                _uses = 1;
            }
        }
        finally
        {
            _acquiring.Release();
        }
    }

    /// <summary>Ends a use.</summary>
    public void Leave() => Release(static scope => scope._uses--);

    /// <summary>
    /// Ends the request. A fill that goes on for other callers has a permit only while a connection is open.
    /// </summary>
    public void End() => Release(static scope => scope._keepsPermit = false);

    private bool TryShare()
    {
        lock (_lock)
        {
            if (_permit is null)
                return false;
            _uses++;
            return true;
        }
    }

    private void Release(Action<DatabaseScope> change)
    {
        IDisposable? permit = null;
        lock (_lock)
        {
            change(this);
            if (_uses == 0 && !_keepsPermit)
                (permit, _permit) = (_permit, null);
        }
        permit?.Dispose();
    }
}
