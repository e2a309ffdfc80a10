namespace ECommerce.Features.PrestaShop.Webservice;

/// <summary>
/// Reads the body of a response within bounds: 16 MB, 25 seconds, and on average a kilobyte a second. A shop that sends
/// more, or a byte now and then, must not hold the run or fill the memory.
/// </summary>
internal static class BoundedBody
{
    public const int MaxBytes = 16 << 20;

    private const int MinBytesPerSecond = 1024;
    private const int FirstBuffer = 64 << 10;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(25);

    public static async Task<byte[]> ReadAsync(
        string resource, HttpContent content, TimeProvider time, CancellationToken ct)
    {
        if (content.Headers.ContentLength > MaxBytes)
            throw TooLarge(resource, TimeSpan.Zero);
        var started = time.GetTimestamp();
        using var patience = new CancellationTokenSource(Patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(ct, patience.Token);
        try
        {
            await using var stream = await content.ReadAsStreamAsync(either.Token);
            var buffer = new byte[(int?)content.Headers.ContentLength + 1 ?? FirstBuffer];
            var length = 0;
            while (await stream.ReadAsync(buffer.AsMemory(length), either.Token) is > 0 and var read)
            {
                length += read;
                var elapsed = time.GetElapsedTime(started);
                if (length > MaxBytes)
                    throw TooLarge(resource, elapsed);
                if (elapsed > Longest || (elapsed > Patience && length < MinBytesPerSecond * elapsed.TotalSeconds))
                    throw TooSlow(resource, length, elapsed);
                if (length == buffer.Length)
                    Array.Resize(ref buffer, Math.Min(2 * length, MaxBytes + 1));
                // A read may last as long as what has arrived so far allows.
                var allowed = TimeSpan.FromSeconds((double)length / MinBytesPerSecond);
                patience.CancelAfter((allowed < Patience ? Patience : allowed < Longest ? allowed : Longest) - elapsed);
            }
            return length == buffer.Length ? buffer : buffer[..length];
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            throw TooSlow(resource, null, time.GetElapsedTime(started));
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
