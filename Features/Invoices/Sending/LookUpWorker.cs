using ECommerce.Features.Common.Settings;
using ECommerce.Features.Invoices.Channel;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace ECommerce.Features.Invoices.Sending;

/// <summary>
/// Runs on every node: looks up at the provider what became of files whose attempt ended without a result. One that is
/// listed was sent; one that is not listed after <see cref="SendAttempt.Resolution"/> may be sent again.
/// </summary>
internal sealed partial class LookUpWorker(
    UncertainFiles files, FatturaPaChannel channel, TenantSettings settings, DatabaseGate gate, SchemaState schema,
    TimeProvider time, ILogger<LookUpWorker> logger) : BackgroundService
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(2);

    private bool _outage;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Period, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                if (schema.IsReady)
                    await LookUpDueAsync(stoppingToken);
            }
        }
        catch (OperationCanceledException)
        {
            // The process is stopping.
        }
    }

    private async Task LookUpDueAsync(CancellationToken ct)
    {
        try
        {
            gate.BeginSync();
            foreach (var file in await files.DueAsync(ct))
            {
                if (await files.TryClaimAsync(file, ct))
                    await LookUpAsync(file, ct);
            }
            _outage = false;
        }
        catch (Exception exception) when (exception is not OperationCanceledException || !ct.IsCancellationRequested)
        {
            // The next poll tries again, whatever it is: nothing here may end the process.
            if (!_outage)
                LogOutage(exception);
            _outage = true;
        }
    }

    private async Task LookUpAsync(UncertainFile file, CancellationToken ct)
    {
        try
        {
            var secret = await settings.SecretAsync(file.Tenant, KnownSettings.FatturaPaApiKey, ct);
            var found = await channel.FindFileAsync(ProviderKey.Create(secret), file.Name, ct);
            if (found is not null)
                await files.FoundAsync(file, found.SdiId, ct);
            else if (time.GetUtcNow().UtcDateTime - file.SentAt >= SendAttempt.Resolution)
                await files.NotFoundAsync(file, ct);
            else
                return;
            LogResolved(file.Name, file.TenantId, found is null ? "was not sent" : "was sent");
        }
        catch (FatturaPaException failure)
        {
            // Its message holds neither the key nor an address.
            LogNotLookedUp(file.Name, file.TenantId, failure.Message);
        }
        catch (Exception exception) when (!ct.IsCancellationRequested)
        {
            // A key that cannot be opened, for instance, does not stop the look-ups of others.
            LogFailed(exception, file.Name, file.TenantId);
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Invoice file {File} of {Tenant} {Outcome}.")]
    private partial void LogResolved(string file, string tenant, string outcome);

    [LoggerMessage(
        Level = LogLevel.Warning, Message = "Invoice file {File} of {Tenant} could not be looked up: {Reason}")]
    private partial void LogNotLookedUp(string file, string tenant, string reason);

    [LoggerMessage(
        Level = LogLevel.Error,
        Message = "The look-up of invoice file {File} of {Tenant} failed for an internal reason.")]
    private partial void LogFailed(Exception exception, string file, string tenant);

    [LoggerMessage(
        Level = LogLevel.Warning, Message = "Files that are to be looked up could not be read; trying again.")]
    private partial void LogOutage(Exception exception);
}
