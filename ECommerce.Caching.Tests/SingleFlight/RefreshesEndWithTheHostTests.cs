using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace ECommerce.Caching.Tests.SingleFlight;

public class RefreshesEndWithTheHostTests
{
    private static readonly CachePolicy Short = new(
        "s:{tenant}:{id}", TimeSpan.FromMilliseconds(20), TimeSpan.FromMinutes(5))
    { Sensitive = false, Jitter = 0 };

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_refresh_ends_with_its_host_and_leaves_no_unobserved_exception(bool isCancellable)
    {
        var unobserved = new List<Exception>();
        void Note(object? _, UnobservedTaskExceptionEventArgs e) => unobserved.Add(e.Exception);
        TaskScheduler.UnobservedTaskException += Note;
        try
        {
            await StopDuringRefreshAsync(isCancellable);
            for (var i = 0; i < 3; i++)
            {
                GC.Collect();
                GC.WaitForPendingFinalizers();
            }
        }
        finally
        {
            TaskScheduler.UnobservedTaskException -= Note;
        }
        Assert.DoesNotContain(
            unobserved, error => error.ToString().Contains("ECommerce.Caching", StringComparison.Ordinal));
    }

    private static async Task StopDuringRefreshAsync(bool isCancellable)
    {
        var builder = Host.CreateEmptyApplicationBuilder(
            new HostApplicationBuilderSettings { EnvironmentName = "Development" });
        builder.Configuration["CACHE_BACKEND"] = "memory";
        var log = new LogRecorder();
        builder.Services.AddLogging(logging => logging.AddProvider(log));
        builder.Services.AddMultiLevelCache(builder.Configuration, Short);
        var host = builder.Build();
        await host.StartAsync(Ct);
        var cache = host.Services.GetRequiredService<MultiLevelCache>();
        await ReadAsync(static _ => Task.FromResult(1));
        var (began, cancelled) = (new TaskCompletionSource(), new TaskCompletionSource());
        var end = new TaskCompletionSource();
        await Eventually.TrueAsync(
            async () =>
            {
                await ReadAsync(async token =>
                {
                    began.TrySetResult();
                    using var registration = token.Register(() => cancelled.TrySetResult());
                    await (isCancellable ? Task.Delay(Timeout.Infinite, token) : end.Task);
                    return 2;
                });
                return began.Task.IsCompleted;
            },
            "a refresh runs");

        await host.StopAsync(Ct);

        await cancelled.Task.WaitAsync(TimeSpan.FromSeconds(5), Ct);
        host.Dispose();
        end.SetResult();
        Assert.Empty(log.Lines("cache_refresh_failed"));

        Task<int> ReadAsync(Func<CancellationToken, Task<int>> make) => cache.GetOrCreateAsync(
            Short.Key("acme", 1), make, static async (m, _, token) => await m(token), Short, Ct).AsTask();
    }
}
