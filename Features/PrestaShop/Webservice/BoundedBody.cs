using System.Buffers;

namespace ECommerce.Features.PrestaShop.Webservice;

/// <summary>
/// Reads the body of a response within bounds: 16 MB, 25 seconds, and on average a kilobyte a second. A shop that sends
/// more, or a byte now and then, must not hold the run or fill the memory; and one that sends fast must not take the
/// processor from requests.
/// </summary>
internal static class BoundedBody
{
    public const int MaxBytes = 16 << 20;

    private const int MinBytesPerSecond = 1024;
    private const int Step = 64 << 10;

    // Pages are smaller; what comes after it is read with pauses, some 20 MB a second.
    private const int Unpaced = 2 << 20;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(2);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(25);

    /// <summary>The body, in a buffer of the pool that is returned when it is disposed.</summary>
    public static async Task<PooledBody> ReadAsync(
        string resource, HttpContent content, TimeProvider time, CancellationToken ct)
    {
        if (content.Headers.ContentLength > MaxBytes)
            throw TooLarge(resource, TimeSpan.Zero);
        var started = time.GetTimestamp();
        using var patience = new CancellationTokenSource(Patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(ct, patience.Token);
        var body = new PooledBody((int?)content.Headers.ContentLength + 1 ?? Step);
        try
        {
            await using var stream = await content.ReadAsStreamAsync(either.Token);
            while (await stream.ReadAsync(body.Free(Step), either.Token) is > 0 and var read)
            {
                body.Length += read;
                var elapsed = time.GetElapsedTime(started);
                if (body.Length > MaxBytes)
                    throw TooLarge(resource, elapsed);
                if (elapsed > Longest || (elapsed > Patience && body.Length < MinBytesPerSecond * elapsed.TotalSeconds))
                    throw TooSlow(resource, body.Length, elapsed);
                // A read may last as long as what has arrived so far allows.
                var allowed = TimeSpan.FromSeconds((double)body.Length / MinBytesPerSecond);
                patience.CancelAfter((allowed < Patience ? Patience : allowed < Longest ? allowed : Longest) - elapsed);
                if (body.Length > Unpaced)
                    await Task.Delay(Pause, time, either.Token);
            }
            return body;
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            body.Dispose();
            throw TooSlow(resource, null, time.GetElapsedTime(started));
        }
        catch
        {
            body.Dispose();
            throw;
        }
    }

    private static PrestaShopException TooLarge(string resource, TimeSpan elapsed) => new(
        $"{resource}: the shop returned a page of more than {MaxBytes >> 20} MB.", ShopFault.TooLarge)
    { Elapsed = elapsed };

    private static PrestaShopException TooSlow(string resource, int? bytes, TimeSpan elapsed) => new(
        $"{resource}: the response of the shop was not complete after {elapsed.TotalSeconds:0} s"
        + (bytes is null ? "." : $" ({bytes} bytes)."),
        ShopFault.TooSlow)
    { Elapsed = elapsed };
}

/// <summary>A body in a buffer of the shared pool: a large array for each page would be a large collection.</summary>
internal sealed class PooledBody(int capacity) : IDisposable
{
    private byte[]? _buffer = ArrayPool<byte>.Shared.Rent(capacity);

    /// <summary>How much of the buffer is filled.</summary>
    public int Length { get; set; }

    public Memory<byte> Memory => Buffer.AsMemory(0, Length);

    private byte[] Buffer => _buffer ?? throw new ObjectDisposedException(nameof(PooledBody));

    /// <summary>Room behind what is filled, at most so many bytes.</summary>
    public Memory<byte> Free(int most)
    {
        if (Length == Buffer.Length)
        {
            var larger = ArrayPool<byte>.Shared.Rent(2 * Length);
            Memory.Span.CopyTo(larger);
            ArrayPool<byte>.Shared.Return(Buffer);
            _buffer = larger;
        }
        return Buffer.AsMemory(Length, Math.Min(most, Buffer.Length - Length));
    }

    public void Dispose()
    {
        if (_buffer is not { } buffer)
            return;
        _buffer = null;
        ArrayPool<byte>.Shared.Return(buffer);
    }
}
