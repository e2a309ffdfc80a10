using ECommerce.Benchmarks.Peers.Output;
using ECommerce.TestSupport;
using Microsoft.Extensions.Hosting;

namespace ECommerce.Benchmarks.Http;

/// <summary>The small site of the output stores in a process of its own: this program in the mode "serve".</summary>
internal sealed class OutputSiteProcess : IAsyncDisposable
{
    private readonly ChildProcess _process;

    private OutputSiteProcess(ChildProcess process, OutputStore store, Uri address)
    {
        _process = process;
        Store = store;
        Address = address;
    }

    public OutputStore Store { get; }

    public Uri Address { get; }

    public static async Task<OutputSiteProcess> StartAsync(OutputStore store, string redis)
    {
        var address = new Uri($"http://127.0.0.1:{ChildProcess.FreePort()}");
        var program = typeof(OutputSiteProcess).Assembly.Location;
        var process = ChildProcess.Start("dotnet", program, "serve", $"{store}", redis, $"{address}");
        using var client = new HttpClient { BaseAddress = address };
        await process.UntilAsync(() => IsReadyAsync(client));
        return new OutputSiteProcess(process, store, address);
    }

    /// <summary>The mode "serve": runs until the process is ended.</summary>
    public static async Task ServeAsync(string[] arguments)
    {
        var text = Sample.OneKilobyte(1).Text!;
        await using var site = await OutputSite.StartAsync(
            Enum.Parse<OutputStore>(arguments[0]),
            redis: arguments[1],
            url: arguments[2],
            read: () => text,
            build: static _ => Task.CompletedTask);
        await site.WaitForShutdownAsync();
    }

    public ValueTask DisposeAsync() => _process.DisposeAsync();

    private static async Task<bool> IsReadyAsync(HttpClient client)
    {
        try
        {
            using var response = await client.GetAsync(new Uri(OutputSite.BarePath, UriKind.Relative));
            return response.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }
}
