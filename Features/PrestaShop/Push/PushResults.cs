using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;

namespace ECommerce.Features.PrestaShop.Push;

/// <summary>Writes what attempts came to: the push, its order, and the end of the lease in one transaction.</summary>
internal sealed partial class PushResults(
    WriteTransactions transactions, TimeProvider time, ILogger<PushResults> logger)
{
    private const int MaxRefusals = 5;
    private const int MaxError = 500;

    public async Task WriteAsync(PushJob job, PushResult result, CancellationToken ct)
    {
        await using var tx = await transactions.BeginAsync(job.Tenant, ct);
        // In the order in which changes of the state take them.
        var order = await tx.Db.Rows<Order>().Where(o => o.Id == job.OrderId).ForUpdate().SingleAsync(ct);
        var push = await tx.Db.OrderStatePushes.Where(p => p.Id == job.Id).ForUpdate().SingleAsync(ct);
        if (push.Status != PushStatus.Pending)
            return;
        var (pause, isUnknown, deferrals) = result switch
        {
            PushResult.Refused refused => (refused.Pause, refused.IsUnknown, job.Deferrals),
            PushResult.Deferred deferred => (deferred.Pause, deferred.IsUnknown, job.Deferrals + 1),
            PushResult.Unknown unknown => (unknown.Pause, true, job.Deferrals + 1),
            _ => (TimeSpan.Zero, job.IsUnknown, job.Deferrals),
        };
        var schedule = new { job.Id, job.Token, isUnknown, deferrals, pause = (long)pause.TotalMicroseconds };
        if (await tx.ExecuteAsync(PushLeases.Release, schedule, ct) == 0)
            return;

        switch (result)
        {
            case PushResult.Done done:
                await FinishAsync(tx, order, push, done, ct);
                LogDone(job.Id, job.OrderId, job.ShopId);
                break;
            case PushResult.Refused refused:
                push.Refusals++;
                push.Error = Cut(refused.Error);
                push.Status = push.Refusals >= MaxRefusals ? PushStatus.Failed : PushStatus.Pending;
                LogRefused(job.Id, job.OrderId, job.ShopId, push.Refusals, push.Error);
                break;
            case PushResult.Deferred or PushResult.Unknown:
                push.Error = Cut(result is PushResult.Unknown unknown
                    ? unknown.Error
                    : ((PushResult.Deferred)result).Error);
                LogDeferred(job.Id, job.OrderId, job.ShopId, push.Error);
                break;
        }
        await tx.CommitAsync(ct);
    }

    private async Task FinishAsync(
        WriteTransaction tx, Order order, OrderStatePush push, PushResult.Done done, CancellationToken ct)
    {
        push.Status = PushStatus.Done;
        push.Error = null;
        push.PushedAt = time.GetUtcNow().UtcDateTime;
        // A page that a sync has read before this moment shows the state before.
        order.StatePushedAt = done.At ?? order.StatePushedAt;
        if (order.StatePushId == push.Id)
            order.StatePending = false;
        if (done.HistoryId is not { } origin || push.ChangeId is not { } change)
            return;

        // The row that the shop has made is the one that was made here; a sync may have imported it meanwhile.
        var imported = await tx.Db.OrderHistory
            .Where(row => row.OrderId == push.OrderId && row.OriginId == origin && row.Id != change).ForUpdate()
            .SingleOrDefaultAsync(ct);
        if (imported is not null)
        {
            tx.Db.Remove(imported);
            await tx.SaveAsync(ct);
        }
        if (await tx.Db.OrderHistory.Where(row => row.Id == change).ForUpdate().SingleOrDefaultAsync(ct) is { } own)
            own.OriginId = origin;
    }

    private static string Cut(string error) => Webservice.ShopText.Cut(error, MaxError);

    [LoggerMessage(
        Level = LogLevel.Information, Message = "State push {Push} of order {Order} to shop {ShopId} is done.")]
    private partial void LogDone(long push, long order, int shopId);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "State push {Push} of order {Order} was refused by shop {ShopId} ({Refusals}): {Error}")]
    private partial void LogRefused(long push, long order, int shopId, int refusals, string error);

    [LoggerMessage(
        Level = LogLevel.Information,
        Message = "State push {Push} of order {Order} to shop {ShopId} is deferred: {Error}")]
    private partial void LogDeferred(long push, long order, int shopId, string error);
}
