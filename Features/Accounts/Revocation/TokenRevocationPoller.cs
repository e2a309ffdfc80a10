using System.Data.Common;
using Dapper;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace ECommerce.Features.Accounts.Revocation;

/// <summary>
/// Reads every 15 seconds which access tokens are revoked. While the database is unavailable those that are known
/// remain revoked. Until the first time the node is unhealthy, so that no load balancer sends requests.
/// </summary>
internal sealed partial class TokenRevocationPoller(
    [FromKeyedServices(DatabasePools.Background)] DbDataSource source, TokenRevocations revocations, SchemaState schema,
    TimeProvider time, ILogger<TokenRevocationPoller> logger) : BackgroundService, IHealthCheck
{
    public static readonly TimeSpan Period = TimeSpan.FromSeconds(15);

    // Until the first time, which the schema is waited for.
    internal static readonly TimeSpan FirstPeriod = TimeSpan.FromMilliseconds(250);

    // Twice the lifetime of a token, by the server's clock alone. A transaction that sets the time earlier than it is
    // committed is found all the same: the whole hour is read each time.
    private const string Read = """
        SELECT id, token_version FROM users WHERE tokens_revoked_at > UTC_TIMESTAMP(6) - INTERVAL 1 HOUR
        """;

    // A result must not replace one that was read after it.
    private readonly SemaphoreSlim _reading = new(1);
    private volatile bool _isLoaded;
    private bool _failed;

    /// <summary>Reads now: what this node itself has changed is in force before it responds.</summary>
    public Task TryLoadAsync() => PollAsync(CancellationToken.None);

    internal async Task LoadAsync(CancellationToken ct)
    {
        await _reading.WaitAsync(ct);
        try
        {
            await using var connection = await source.OpenConnectionAsync(ct);
            var rows = await connection.QueryAsync<(int Id, int Version)>(
                new CommandDefinition(Read, cancellationToken: ct));
            revocations.Replace(rows.ToDictionary(static row => row.Id, static row => row.Version));
            _isLoaded = true;
        }
        finally
        {
            _reading.Release();
        }
    }

    public Task<HealthCheckResult> CheckHealthAsync(
        HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(
            _isLoaded ? HealthCheckResult.Healthy() : HealthCheckResult.Unhealthy("Revoked tokens are not known yet."));

    public override void Dispose()
    {
        _reading.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(FirstPeriod, time);
        try
        {
            do
            {
                // Without its tables the database has no revocations.
                if (schema.IsReady)
                    await PollAsync(stoppingToken);
                if (_isLoaded && timer.Period != Period)
                    timer.Period = Period;
            }
            while (await timer.WaitForNextTickAsync(stoppingToken));
        }
        catch (OperationCanceledException)
        {
            // The process is stopping.
        }
    }

    private async Task PollAsync(CancellationToken ct)
    {
        try
        {
            await LoadAsync(ct);
            _failed = false;
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            if (!_failed)
                LogFailed(exception.GetBaseException().Message);
            _failed = true;
        }
    }

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "New revocations of tokens are not known to this node ({Reason}). Logged once per outage.")]
    private partial void LogFailed(string reason);
}
