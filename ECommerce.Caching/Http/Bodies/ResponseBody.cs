using Microsoft.AspNetCore.Http;

namespace ECommerce.Caching.Http.Bodies;

/// <summary>
/// A response body that is decided on at its first byte: sent as it is, not at all (304), or in a content coding.
/// </summary>
internal sealed class ResponseBody(Stream inner, HttpResponse response, Action<ResponseBody> beginning)
    : WriteOnlyStream
{
    private bool _begun;

    /// <summary>Nothing that is written reaches the client.</summary>
    public bool IsSuppressed { get; set; }

    /// <summary>What is sent instead of all that is written.</summary>
    public ReadOnlyMemory<byte>? Replacement { get; set; }

    public override async ValueTask WriteAsync(
        ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        Begin();
        if (Next(out var replacement))
            await inner.WriteAsync(replacement, cancellationToken).ConfigureAwait(false);
        else if (!IsSuppressed)
            await inner.WriteAsync(buffer, cancellationToken).ConfigureAwait(false);
    }

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        Begin();
        if (Next(out var replacement))
            inner.Write(replacement.Span);
        else if (!IsSuppressed)
            inner.Write(buffer);
    }

    public override Task FlushAsync(CancellationToken cancellationToken)
    {
        Begin();
        return inner.FlushAsync(cancellationToken);
    }

    public override void Flush()
    {
        Begin();
        inner.Flush();
    }

    private void Begin()
    {
        if (_begun)
            return;
        _begun = true;
        if (!response.HasStarted)
            beginning(this);
    }

    private bool Next(out ReadOnlyMemory<byte> replacement)
    {
        replacement = Replacement ?? default;
        if (Replacement is null)
            return false;
        (Replacement, IsSuppressed) = (null, true);
        return true;
    }
}
