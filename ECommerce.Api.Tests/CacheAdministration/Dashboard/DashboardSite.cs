namespace ECommerce.Api.Tests.CacheAdministration.Dashboard;

/// <summary>Two API processes with a Redis of their own, and a browser.</summary>
public sealed class DashboardSite(ApiFixture fixture) : IAsyncLifetime
{
    private Browser? _browser;

    public CacheTenants Caches { get; } = new(fixture);

    internal Browser Browser => _browser!;

    /// <summary>The address of the first process.</summary>
    internal Uri Address => Caches.One.Anonymous().BaseAddress!;

    public async ValueTask InitializeAsync()
    {
        await Caches.InitializeAsync();
        if (Browser.IsExpected)
            _browser = await Browser.StartAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (_browser is not null)
            await _browser.DisposeAsync();
        await Caches.DisposeAsync();
    }
}
