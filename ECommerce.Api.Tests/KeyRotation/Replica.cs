namespace ECommerce.Api.Tests.KeyRotation;

/// <summary>
/// A place behind a balancer: its process is replaced by one with other keys as in a rolling restart, without requests
/// of the balancer meanwhile.
/// </summary>
internal sealed class Replica : IAsyncDisposable
{
    private readonly Func<Keys, ApiFactory> _create;
    private readonly SemaphoreSlim _drained = new(0);
    private ApiFactory? _api;
    private int _uses;

    private Replica(Func<Keys, ApiFactory> create) => _create = create;

    public static async Task<Replica> StartAsync(Func<Keys, ApiFactory> create, Keys keys)
    {
        var replica = new Replica(create);
        await replica.ReplaceAsync(keys);
        return replica;
    }

    /// <summary>Uses the process, unless it is being replaced.</summary>
    /// <returns>Whether it did.</returns>
    public async Task<bool> TryUseAsync(Func<ApiFactory, Task> use)
    {
        ApiFactory api;
        lock (_drained)
        {
            if (_api is null)
                return false;
            api = _api;
            _uses++;
        }
        try
        {
            await use(api);
            return true;
        }
        finally
        {
            lock (_drained)
            {
                if (--_uses == 0 && _api is null)
                    _drained.Release();
            }
        }
    }

    public async Task ReplaceAsync(Keys keys)
    {
        await StopAsync();
        var api = _create(keys);
        await api.StartAsync();
        lock (_drained)
            _api = api;
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _drained.Dispose();
    }

    private async Task StopAsync()
    {
        ApiFactory? old;
        bool isUsed;
        lock (_drained)
        {
            (old, _api) = (_api, null);
            isUsed = _uses > 0;
        }
        if (isUsed)
            await _drained.WaitAsync();
        if (old is not null)
            await old.DisposeAsync();
    }
}

/// <summary>The two settings that are rotated.</summary>
internal sealed record Keys(string Signing, string Protection)
{
    public (string Name, string Value)[] Settings =>
        [("JWT_SIGNING_KEY", Signing), ("DATA_PROTECTION_KEY", Protection)];
}
