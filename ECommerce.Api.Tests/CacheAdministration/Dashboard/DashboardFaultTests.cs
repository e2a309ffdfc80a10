using static Microsoft.Playwright.Assertions;

namespace ECommerce.Api.Tests.CacheAdministration.Dashboard;

/// <summary>A fault shows on the page that is open.</summary>
public sealed class DashboardFaultTests(DashboardSite site) : IClassFixture<DashboardSite>
{
    [Fact(Skip = Browser.Reason, SkipType = typeof(Browser), SkipUnless = nameof(Browser.IsExpected))]
    public async Task Redis_that_stops_and_returns_shows_as_degraded_open_and_closed_again_without_a_reload()
    {
        await using var page = await (await site.Browser.OpenAsync(site.Address)).LoggedInAsync();
        var events = page.Page.Locator("#events");
        await page.Page.EvaluateAsync("() => { window.neverReloaded = true; }");

        await site.Caches.Redis.StopAsync();
        await page.StatusAsync("degraded");
        // Writes try Redis; reads no longer do.
        await Task.WhenAll(Enumerable.Range(1, 12).Select(async id => (await site.Caches.As("acme.admin").CallAsync(
            HttpMethod.Post, "/api/v1/cache/invalidate", new { tag = $"order:acme:{id}" })).Dispose()));
        await page.StatusAsync("degraded, circuit open");
        await Expect(page.Page.Locator("td[data-figure='circuit']").First).ToHaveTextAsync("open");
        await Expect(events).ToContainTextAsync("circuit of redis: open");

        await site.Caches.Redis.StartAsync();
        await Expect(events).ToContainTextAsync("circuit of redis: closed");
        await page.StatusAsync("healthy");

        await Expect(page.Page.Locator("td[data-figure='circuit']").First).ToHaveTextAsync("closed");
        Assert.True(await page.Page.EvaluateAsync<bool>("() => window.neverReloaded === true"));
        Assert.Empty(page.Errors);
    }
}
