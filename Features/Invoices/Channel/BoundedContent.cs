namespace ECommerce.Features.Invoices.Channel;

/// <summary>Reads a body up to a limit: more is neither waited for nor held.</summary>
internal static class BoundedContent
{
    private const int Step = 32 << 10;

    /// <exception cref="FatturaPaException">There is more.</exception>
    public static async Task<byte[]> ReadAsync(string step, HttpContent content, int maxBytes, CancellationToken ct)
    {
        if (content.Headers.ContentLength > maxBytes)
            throw TooLarge(step, maxBytes);
        using var body = new MemoryStream();
        var buffer = new byte[Step];
        await using var stream = await content.ReadAsStreamAsync(ct);
        while (await stream.ReadAsync(buffer, ct) is > 0 and var read)
        {
            if (body.Length + read > maxBytes)
                throw TooLarge(step, maxBytes);
            body.Write(buffer, 0, read);
        }
        return body.ToArray();
    }

    private static FatturaPaException TooLarge(string step, int maxBytes) => new(
        ProviderFault.TooLarge, $"{step}: the response has more than {maxBytes >> 10} KB.");
}
