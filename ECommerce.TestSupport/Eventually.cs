using System.Diagnostics;

namespace ECommerce.TestSupport;

/// <summary>Waits for the thing itself.</summary>
internal static class Eventually
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    public static async Task TrueAsync(
        Func<Task<bool>> condition, string what, TimeSpan? within = null, TimeSpan? every = null)
    {
        var patience = within ?? Patience;
        var watch = Stopwatch.StartNew();
        while (!await condition())
        {
            Assert.True(watch.Elapsed < patience,
                $"Within {patience.TotalSeconds:0} s it should have come true: {what}");
            await Task.Delay(every ?? TimeSpan.FromMilliseconds(10), TestContext.Current.CancellationToken);
        }
    }

    public static Task TrueAsync(Func<bool> condition, string what, TimeSpan? within = null) =>
        TrueAsync(() => Task.FromResult(condition()), what, within);
}
