using Deque.AxeCore.Playwright;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace ECommerce.Api.Tests.CacheAdministration.Dashboard;

/// <summary>The dashboard as its users have it: in Chromium, over real servers.</summary>
public sealed class DashboardTests(DashboardSite site) : IClassFixture<DashboardSite>
{
    private const string Product = "product:{tenant}:{id}";

    [Fact(Skip = Browser.Reason, SkipType = typeof(Browser), SkipUnless = nameof(Browser.IsExpected))]
    public async Task Page_loads_from_its_own_origin_without_an_error_in_the_console()
    {
        await using var page = await site.Browser.OpenAsync(site.Address);

        await page.LoggedInAsync();
        await Expect(page.Page.GetByRole(AriaRole.Img, new() { Name = "Hit ratio by layer" })).ToBeVisibleAsync();

        Assert.Empty(page.Errors);
        Assert.All(page.Requests, url => Assert.StartsWith(site.Address.ToString(), url));
        Assert.True(page.Requests.Count > 6);
    }

    [Fact(Skip = Browser.Reason, SkipType = typeof(Browser), SkipUnless = nameof(Browser.IsExpected))]
    public async Task Reads_of_both_nodes_appear_without_a_reload()
    {
        var product = $"/api/v1/products/{(await site.Caches.As("acme.admin").ProductAsync())["id"]}";
        await using var page = await (await site.Browser.OpenAsync(site.Address)).LoggedInAsync();
        var before = await HitsAsync(page);

        for (var i = 0; i < 3; i++)
        {
            (await site.Caches.As("acme.user").HitAsync(product)).Dispose();
            (await site.Caches.As("acme.user", site.Caches.Two).HitAsync(product)).Dispose();
        }

        await Eventually.TrueAsync(async () => await HitsAsync(page) >= before + 6, "the hits are shown");
        await Expect(page.Page.Locator("#keys")).ToContainTextAsync(
            product.Replace("/api/v1/products/", "product:acme:"));
        Assert.Empty(page.Errors);
    }

    /// <summary>With <c>UPDATE_SCREENSHOT=1</c> it writes the picture of the README anew.</summary>
    [Fact(Skip = Browser.Reason, SkipType = typeof(Browser), SkipUnless = nameof(Browser.IsExpected))]
    public async Task Charts_follow_the_traffic_live_and_are_described()
    {
        var acme = site.Caches.As("acme.admin");
        var (products, rounds) = (new List<string>(), 0);
        for (var i = 0; i < 5; i++)
            products.Add($"/api/v1/products/{(await acme.ProductAsync())["id"]}");
        await using var page = await (await site.Browser.OpenAsync(site.Address)).LoggedInAsync();
        var chart = page.Page.GetByRole(AriaRole.Img, new() { Name = "Hit ratio by layer" });

        await Eventually.TrueAsync(async () =>
        {
            foreach (var path in (string[])[.. products, "/api/v1/order_states", "/api/v1/products?limit=20"])
            {
                foreach (var node in new[] { site.Caches.One, site.Caches.Two })
                    await site.Caches.As("acme.user", node).TextAsync(path);
            }
            if (++rounds % 10 == 0)
                await acme.PutJsonAsync(products[0], Samples.Product());
            return await chart.Locator("path.series").EvaluateAllAsync<bool>(
                "paths => paths.some(path => path.getAttribute('d').split('L').length > 4)");
        }, "a line has points");

        await Expect(chart.Locator("desc")).ToContainTextAsync("output: last ");
        await Expect(page.Page.Locator("#chart-latency .legend")).ToContainTextAsync("source");
        if (Environment.GetEnvironmentVariable("UPDATE_SCREENSHOT") == "1")
        {
            await page.Page.ScreenshotAsync(new()
            {
                Path = Path.Combine(RepositoryRoot.Path, "docs", "cache-dashboard.png"),
                FullPage = true,
            });
        }
    }

    [Fact(Skip = Browser.Reason, SkipType = typeof(Browser), SkipUnless = nameof(Browser.IsExpected))]
    public async Task A_key_is_explained_and_one_of_another_tenant_refused()
    {
        await CacheTenants.ReadAsync(site.Caches.Two, "product:acme:77", "value");
        await using var page = await (await site.Browser.OpenAsync(site.Address)).LoggedInAsync();
        var (key, explained) = (page.Page.GetByLabel("Key", new() { Exact = true }), page.Page.Locator("#explained"));

        await key.FillAsync("product:acme:77");
        await key.PressAsync("Enter");
        await Expect(explained.Locator("td[data-figure='state']")).ToHaveTextAsync(["absent", "fresh"]);
        await Expect(explained).ToContainTextAsync("product:{tenant}:{id}");

        await key.FillAsync("product:globex:77");
        await key.PressAsync("Enter");
        await Expect(page.Page.Locator("#explain-error")).ToContainTextAsync("own tenant only");
        await Expect(explained).ToBeEmptyAsync();
    }

    [Fact(Skip = Browser.Reason, SkipType = typeof(Browser), SkipUnless = nameof(Browser.IsExpected))]
    public async Task Invalidations_appear_as_they_happen_and_as_text()
    {
        await using var page = await (await site.Browser.OpenAsync(site.Address)).LoggedInAsync();

        (await site.Caches.As("acme.admin", site.Caches.Two).CallAsync(
            HttpMethod.Post, "/api/v1/cache/invalidate", new { tag = "order:acme:<b>7" })).Dispose();

        await Expect(page.Page.Locator("#events li").First).ToContainTextAsync(
            "invalidated order:acme:<b>7 (by another node)");
        Assert.Empty(page.Errors);
    }

    [Fact(Skip = Browser.Reason, SkipType = typeof(Browser), SkipUnless = nameof(Browser.IsExpected))]
    public async Task A_wrong_password_and_a_role_without_the_right_stay_at_the_login()
    {
        await using var page = await site.Browser.OpenAsync(site.Address);

        await page.LogInAsync(password: "a wrong password");
        await Expect(page.Page.GetByRole(AriaRole.Alert).First).ToContainTextAsync("password is wrong");
        await Expect(page.Page.Locator("#board")).ToBeHiddenAsync();

        await page.LogInAsync("acme.user");
        await Expect(page.Page.GetByRole(AriaRole.Alert).First).Not.ToBeEmptyAsync();
        await Expect(page.Page.Locator("#board")).ToBeHiddenAsync();
    }

    [Fact(Skip = Browser.Reason, SkipType = typeof(Browser), SkipUnless = nameof(Browser.IsExpected))]
    public async Task A_SUPERADMIN_sees_the_keys_of_all_tenants_and_an_ADMIN_the_own_ones()
    {
        await CacheTenants.ReadAsync(site.Caches.One, "product:acme:79", "value");
        await CacheTenants.ReadAsync(site.Caches.One, "product:globex:79", "value");
        await using var all = await (await site.Browser.OpenAsync(site.Address)).LoggedInAsync("super.admin");
        await using var own = await (await site.Browser.OpenAsync(site.Address)).LoggedInAsync();

        await Expect(all.Page.Locator("#keys")).ToContainTextAsync("product:globex:79");
        await Expect(own.Page.Locator("#keys")).ToContainTextAsync("product:acme:79");
        await Expect(own.Page.Locator("body")).Not.ToContainTextAsync("globex");
    }

    [Fact(Skip = Browser.Reason, SkipType = typeof(Browser), SkipUnless = nameof(Browser.IsExpected))]
    public async Task The_token_is_in_no_storage_and_in_no_address()
    {
        await using var page = await (await site.Browser.OpenAsync(site.Address)).LoggedInAsync();

        var stored = await page.Page.EvaluateAsync<int>(
            "() => localStorage.length + sessionStorage.length + document.cookie.length");
        Assert.Equal(0, stored);
        Assert.DoesNotContain(page.Requests, url => url.Contains("token", StringComparison.OrdinalIgnoreCase));
    }

    [Theory(Skip = Browser.Reason, SkipType = typeof(Browser), SkipUnless = nameof(Browser.IsExpected))]
    [InlineData(ColorScheme.Light, 1280)]
    [InlineData(ColorScheme.Dark, 1280)]
    [InlineData(ColorScheme.Dark, 360)]
    public async Task Page_is_accessible_in_both_themes_and_on_a_phone(ColorScheme scheme, int width)
    {
        await CacheTenants.ReadAsync(site.Caches.One, "product:acme:78", "value");
        await using var page = await site.Browser.OpenAsync(site.Address, scheme, width);
        await AssertAccessibleAsync(page);

        await page.LoggedInAsync();
        await page.Page.GetByLabel("Key", new() { Exact = true }).FillAsync("product:acme:78");
        await page.Page.GetByRole(AriaRole.Button, new() { Name = "Explain" }).ClickAsync();
        await Expect(page.Page.Locator("#explained table")).ToBeVisibleAsync();
        await AssertAccessibleAsync(page);

        // The page itself does not scroll to the side; its tables do.
        Assert.True(await page.Page.EvaluateAsync<bool>(
            "() => document.documentElement.scrollWidth <= document.documentElement.clientWidth"));
    }

    private static async Task AssertAccessibleAsync(DashboardPage page)
    {
        var result = await page.Page.RunAxe();

        Assert.NotEmpty(result.Passes);
        Assert.Empty(result.Violations.Select(violation =>
            $"{violation.Id}: {string.Join(' ', violation.Nodes.Select(node => node.Html))}"));
    }

    private static async Task<long> HitsAsync(DashboardPage page) =>
        (await page.ReadsAsync()).GetValueOrDefault((Product, "output", "hits"));
}
