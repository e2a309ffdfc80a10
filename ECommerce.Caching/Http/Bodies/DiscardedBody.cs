using Microsoft.AspNetCore.Http;

namespace ECommerce.Caching.Http.Bodies;

/// <summary>
/// The body of a response to HEAD. Where its length is known, the endpoint runs to its end as it does for GET;
/// otherwise it may be endless (server-sent events), so the endpoint is cancelled once the headers are sent.
/// </summary>
internal sealed class DiscardedBody(Stream inner, HttpResponse response, CancellationTokenSource end) : WriteOnlyStream
{
    public override async ValueTask WriteAsync(
        ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (response.ContentLength is not null)
            return;
        end.Token.ThrowIfCancellationRequested();
        await FlushAsync(cancellationToken).ConfigureAwait(false);
    }

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        if (response.ContentLength is not null)
            return;
        end.Token.ThrowIfCancellationRequested();
        Flush();
    }

    public override async Task FlushAsync(CancellationToken cancellationToken)
    {
        if (response.ContentLength is not null || end.IsCancellationRequested)
            return;
        await inner.FlushAsync(cancellationToken).ConfigureAwait(false);
        await end.CancelAsync().ConfigureAwait(false);
    }

    public override void Flush()
    {
        if (response.ContentLength is not null || end.IsCancellationRequested)
            return;
        inner.Flush();
        end.Cancel();
    }
}
