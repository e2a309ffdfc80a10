using Microsoft.Playwright;

namespace ECommerce.Api.Tests.CacheAdministration.Dashboard;

/// <summary>
/// The Chromium of the machine, driven by Playwright. On a build machine it is there, or the tests that need it fail.
/// </summary>
public sealed class Browser : IAsyncDisposable
{
    public const string Reason = "Chromium is not installed (Debian: apt-get install chromium).";

    private static readonly string[] Names = ["chromium", "chromium-browser", "google-chrome"];

    private readonly IPlaywright _playwright;
    private readonly IBrowser _browser;

    private Browser(IPlaywright playwright, IBrowser browser) => (_playwright, _browser) = (playwright, browser);

    public static bool IsExpected { get; } =
        Environment.GetEnvironmentVariable("CI") is { Length: > 0 } || Find() is not null;

    public static async Task<Browser> StartAsync()
    {
        var playwright = await Playwright.CreateAsync();
        return new Browser(playwright, await playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions
        {
            ExecutablePath = Find() ?? Names[0],
            // In containers there is no sandbox to be had, and the pages are our own.
            Args = ["--no-sandbox", "--disable-dev-shm-usage"],
        }));
    }

    /// <summary>A page that shares nothing with the others.</summary>
    internal async Task<DashboardPage> OpenAsync(Uri site, ColorScheme scheme = ColorScheme.Light, int width = 1280)
    {
        var context = await _browser.NewContextAsync(new BrowserNewContextOptions
        {
            BaseURL = site.ToString(),
            ColorScheme = scheme,
            Locale = "en-GB",
            ViewportSize = new ViewportSize { Width = width, Height = 900 },
        });
        return await DashboardPage.OpenAsync(context);
    }

    /// <summary>An empty page of a width.</summary>
    internal async Task<IPage> BlankAsync(int width)
    {
        var page = await _browser.NewPageAsync();
        await page.SetViewportSizeAsync(width, 1000);
        return page;
    }

    public async ValueTask DisposeAsync()
    {
        await _browser.DisposeAsync();
        _playwright.Dispose();
    }

    private static string? Find() => Names.SelectMany(
        name => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
            .Select(folder => Path.Combine(folder, name))).FirstOrDefault(File.Exists);
}
