using System.Data.Common;
using Dapper;
using Microsoft.Extensions.Logging;

namespace ECommerce.Features.Data.Locking;

/// <summary>
/// A lease that is renewed until disposed. A protected UPDATE has <see cref="StillHeld"/> in its WHERE clause (with the
/// parameters of <see cref="Guard"/>): a holder whose lease has expired then changes nothing.
/// </summary>
internal sealed partial class BusinessLock : IAsyncDisposable
{
    public const string StillHeld =
        "EXISTS (SELECT 1 FROM locks WHERE name = @lockName AND owner = @lockOwner AND fence = @lockFence"
        + " AND expires_at > UTC_TIMESTAMP(6))";

    private const string Renew = """
        UPDATE locks SET expires_at = TIMESTAMPADD(MICROSECOND, @lease, UTC_TIMESTAMP(6))
        WHERE name = @lockName AND owner = @lockOwner AND fence = @lockFence AND expires_at > UTC_TIMESTAMP(6)
        """;

    /// <summary>
    /// Releases the lease in a transaction of its holder, with the parameters of <see cref="Guard"/>. The row is not
    /// deleted: the fence must keep growing.
    /// </summary>
    public const string ReleaseWith = """
        UPDATE locks SET expires_at = UTC_TIMESTAMP(6)
        WHERE name = @lockName AND owner = @lockOwner AND fence = @lockFence
        """;

    private readonly DbDataSource _source;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly TimeSpan _lease;
    private readonly CancellationTokenSource _released = new();
    private readonly CancellationTokenSource _lost = new();
    private readonly Task _renewal;

    internal BusinessLock(
        DbDataSource source, TimeProvider time, ILogger logger, string name, string owner, long fence, TimeSpan lease)
    {
        (_source, _time, _logger, _lease) = (source, time, logger, lease);
        (Name, Owner, Fence) = (name, owner, fence);
        _renewal = RenewAsync();
    }

    public string Name { get; }

    public string Owner { get; }

    public long Fence { get; }

    /// <summary>Cancelled when the lease could not be renewed: another owner may hold it now.</summary>
    public CancellationToken Lost => _lost.Token;

    /// <summary>Adds the parameters of <see cref="StillHeld"/>.</summary>
    public DynamicParameters Guard(object parameters)
    {
        var all = new DynamicParameters(parameters);
        all.Add("lockName", Name);
        all.Add("lockOwner", Owner);
        all.Add("lockFence", Fence);
        return all;
    }

    public async ValueTask DisposeAsync()
    {
        await _released.CancelAsync();
        await _renewal;
        try
        {
            await RunAsync(ReleaseWith);
        }
        catch (Exception exception) when (DatabaseErrors.IsDriverError(exception))
        {
            // The lease expires by itself.
            LogNotReleased(exception, Name);
        }
        _released.Dispose();
        _lost.Dispose();
    }

    private async Task RenewAsync()
    {
        using var timer = new PeriodicTimer(_lease / 3, _time);
        var renewed = _time.GetTimestamp();
        try
        {
            while (await timer.WaitForNextTickAsync(_released.Token))
            {
                try
                {
                    if (await RunAsync(Renew) == 0)
                        break;
                    renewed = _time.GetTimestamp();
                }
                catch (Exception exception) when (
                    DatabaseErrors.IsDriverError(exception) && _time.GetElapsedTime(renewed) < _lease)
                {
                    // The lease still holds; the next tick tries again.
                }
            }
            LogLost(Name);
            await _lost.CancelAsync();
        }
        catch (OperationCanceledException)
        {
            // Released.
        }
        catch (Exception exception) when (DatabaseErrors.IsDriverError(exception))
        {
            LogNotReleased(exception, Name);
            await _lost.CancelAsync();
        }
    }

    private async Task<int> RunAsync(string sql)
    {
        await using var connection = await _source.OpenConnectionAsync(CancellationToken.None);
        return await connection.ExecuteAsync(
            new CommandDefinition(sql, Guard(new { lease = (long)_lease.TotalMicroseconds })));
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "lock_lost {Name}: the lease could not be renewed.")]
    private partial void LogLost(string name);

    [LoggerMessage(
        Level = LogLevel.Warning, Message = "Lock {Name} could not be renewed or released; it expires by itself.")]
    private partial void LogNotReleased(Exception exception, string name);
}
