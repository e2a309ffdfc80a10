using Microsoft.AspNetCore.Http;

namespace ECommerce.Caching.Http;

/// <summary>
/// A response body that can be kept from the client, decided at the first byte: the response to HEAD, and
/// 304.
/// </summary>
internal sealed class ResponseBody(Stream inner, HttpResponse response) : Stream
{
    private bool _begun;

    public bool IsSuppressed { get; set; }

    /// <summary>Runs once, before the first byte.</summary>
    public Action<ResponseBody>? Beginning { get; init; }

    public override bool CanRead => false;
    public override bool CanSeek => false;
    public override bool CanWrite => true;
    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public void Begin()
    {
        if (_begun)
            return;
        _begun = true;
        if (!response.HasStarted)
            Beginning?.Invoke(this);
    }

    public override async ValueTask WriteAsync(
        ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        Begin();
        if (!IsSuppressed)
            await inner.WriteAsync(buffer, cancellationToken).ConfigureAwait(false);
    }

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override Task FlushAsync(CancellationToken cancellationToken)
    {
        Begin();
        return inner.FlushAsync(cancellationToken);
    }

    public override void Flush() => throw new NotSupportedException("Responses are written asynchronously.");

    public override void Write(byte[] buffer, int offset, int count) =>
        throw new NotSupportedException("Responses are written asynchronously.");

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();
}
