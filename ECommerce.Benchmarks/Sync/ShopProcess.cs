using ECommerce.TestSupport;

namespace ECommerce.Benchmarks.Sync;

/// <summary>The mock of a shop in a process of its own.</summary>
internal sealed class ShopProcess : IAsyncDisposable
{
    public const string Key = "DEMOKEYDEMOKEYDEMOKEYDEMOKEY1234";

    private readonly ChildProcess _process;

    private ShopProcess(ChildProcess process, Uri address) => (_process, Address) = (process, address);

    public Uri Address { get; }

    public static async Task<ShopProcess> StartAsync(params IEnumerable<string> arguments)
    {
        var address = new Uri($"http://127.0.0.1:{ChildProcess.FreePort()}");
        // The sibling of this program's folder in the single output tree.
        var own = new DirectoryInfo(AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar));
        var folder = Path.Combine(own.Parent!.Parent!.FullName, "ECommerce.Mocks.PrestaShop", own.Name);
        var process = ChildProcess.Start(
            "dotnet", [Path.Combine(folder, "ECommerce.Mocks.PrestaShop.dll"), .. arguments],
            [("ASPNETCORE_URLS", address.ToString())]);
        using var client = new HttpClient { BaseAddress = address };
        await process.UntilAsync(async () => await IsReadyAsync(client));
        return new ShopProcess(process, address);
    }

    public ValueTask DisposeAsync() => _process.DisposeAsync();

    private static async Task<bool> IsReadyAsync(HttpClient client)
    {
        try
        {
            using var response = await client.GetAsync(new Uri("/alive", UriKind.Relative));
            return response.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }
}
