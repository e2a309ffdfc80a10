namespace ECommerce.Mocks.FatturaPa.Control;

/// <summary>Bodies that a client must not wait for, or hold in memory.</summary>
internal static class HostileBody
{
    private const int HugeBytes = 118 << 20;
    private static readonly TimeSpan DripPeriod = TimeSpan.FromSeconds(5);

    public static async Task SendAsync(HttpContext context, FaultKind kind, TimeProvider time)
    {
        context.Response.ContentType = "application/json";
        var chunk = new byte[64 << 10];
        chunk.AsSpan().Fill((byte)' ');
        var cancelled = context.RequestAborted;
        try
        {
            await context.Response.Body.WriteAsync("{\"rows\":["u8.ToArray(), cancelled);
            for (var sent = 0L; kind != FaultKind.Huge || sent < HugeBytes; sent += chunk.Length)
            {
                if (kind == FaultKind.Drip)
                    await Task.Delay(DripPeriod, time, cancelled);
                await context.Response.Body.WriteAsync(
                    kind == FaultKind.Drip ? chunk.AsMemory(0, 1) : chunk, cancelled);
                await context.Response.Body.FlushAsync(cancelled);
            }
        }
        catch (OperationCanceledException)
        {
            // The client has given up.
        }
    }
}
