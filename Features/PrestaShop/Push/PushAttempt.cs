using ECommerce.Features.PrestaShop.Webservice;

namespace ECommerce.Features.PrestaShop.Push;

/// <summary>
/// One attempt to move an order in its shop. The webservice adds a row for each request, so the shop's history is read
/// before: the state may be there already, from an earlier attempt whose response was lost, or by the shop itself.
/// </summary>
internal sealed class PushAttempt(PrestaShopClients shops, PushLeases leases, TimeProvider time)
{
    private static readonly TimeSpan ShopAway = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(5);

    /// <summary>The longest that the history is read.</summary>
    private static readonly TimeSpan MaxReading = TimeSpan.FromSeconds(20);

    /// <exception cref="OperationCanceledException">The process is stopping; the lease ends by itself.</exception>
    public async Task<PushResult> RunAsync(PushJob job, CancellationToken ct)
    {
        if (await shops.OpenAsync(job.Tenant, job.ShopId, ct) is not { } shop)
            return new PushResult.Deferred("The shop is not active here.", ShopAway, job.IsUnknown);
        var (history, failure) = await HistoryAsync(shop, job, ct);
        if (failure is not null)
            return failure;
        if (DoneBefore(job, history) is { } done)
            return done;

        var seen = history.Count > 0 ? history[^1].Id : 0;
        if (!await leases.BeginAttemptAsync(job, seen, ct))
            return new PushResult.Lost();
        var write = await shop.AddHistoryAsync(job.OrderOriginId, job.StateOriginId, job.Timeout, ct);
        return write.Outcome switch
        {
            WriteOutcome.Written => PushResult.Done.By(write.Row),
            WriteOutcome.Refused => Refused(job, write.Error!, isUnknown: false),
            WriteOutcome.NotNow => Deferred(job, write.Error!, isUnknown: false, write.RetryAfter),
            WriteOutcome.Unknown => new PushResult.Unknown(write.Error!, job.MaxExecution),
            _ => await EndedAsync(shop, job with { SeenHistoryId = seen, IsUnknown = true }, write.Error!, ct),
        };
    }

    // PHP has ended: what it has written is there, and nothing comes after it.
    private async Task<PushResult> EndedAsync(PrestaShopClient shop, PushJob job, string error, CancellationToken ct)
    {
        var (history, failure) = await HistoryAsync(shop, job, ct);
        return failure is not null ? new PushResult.Unknown(error, Pause(job.Deferrals))
            : (PushResult?)DoneBefore(job, history) ?? Refused(job, error, isUnknown: false);
    }

    private static PushResult.Done? DoneBefore(PushJob job, IReadOnlyList<ShopRow> history)
    {
        // Behind an attempt it may have been moved on since, by the shop itself.
        if (job.IsUnknown && history.FirstOrDefault(row => row.Id > job.SeenHistoryId && IsTarget(row))
            is { IsPresent: true } made)
        {
            return PushResult.Done.By(made);
        }
        return history.Count > 0 && IsTarget(history[^1]) ? PushResult.Done.Already(history[^1]) : null;

        bool IsTarget(ShopRow row) => row.Long("id_order_state") == job.StateOriginId;
    }

    private async Task<(IReadOnlyList<ShopRow> Rows, PushResult? Failure)> HistoryAsync(
        PrestaShopClient shop, PushJob job, CancellationToken ct)
    {
        using var late = new CancellationTokenSource(MaxReading, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(ct, late.Token);
        try
        {
            var rows = new List<ShopRow>();
            var filter = new Dictionary<string, string> { ["filter[id_order]"] = $"[{job.OrderOriginId}]" };
            await foreach (var page in shop.PagesAsync("order_histories", filter, either.Token))
                rows.AddRange(page);
            // A value that is no number shows here, and not where the rows are compared.
            foreach (var row in rows)
                _ = row.Long("id_order_state");
            return (rows, null);
        }
        catch (PrestaShopException failure)
        {
            return ([], failure.IsRefusal
                ? Refused(job, failure.Message, job.IsUnknown)
                : Deferred(job, failure.Message, job.IsUnknown));
        }
        catch (RowRejectedException failure)
        {
            return ([], Refused(job, $"order_histories: {failure.Message}", job.IsUnknown));
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            return ([], Deferred(
                job, $"order_histories: the shop did not return them within {MaxReading.TotalSeconds:0} s.",
                job.IsUnknown));
        }
    }

    private static PushResult.Refused Refused(PushJob job, string error, bool isUnknown) =>
        new(error, Pause(job.Refusals), isUnknown);

    private static PushResult.Deferred Deferred(
        PushJob job, string error, bool isUnknown, TimeSpan? asked = null) =>
        new(error, Pause(job.Deferrals, asked), isUnknown);

    // A second, two, four…
    private static TimeSpan Pause(int before, TimeSpan? asked = null)
    {
        var pause = TimeSpan.FromSeconds(Math.Pow(2, Math.Min(before, 10)));
        pause = asked > pause ? asked.Value : pause;
        return pause < LongestPause ? pause : LongestPause;
    }
}
