using System.Collections.Concurrent;
using Microsoft.Playwright;

namespace ECommerce.Api.Tests.CacheAdministration.Dashboard;

/// <summary>The dashboard in a browser, and what the browser reported of it.</summary>
internal sealed class DashboardPage : IAsyncDisposable
{
    public const string Password = "demo-Passw0rd!";

    private const float Patience = 20_000;

    private readonly ConcurrentQueue<string> _errors = [];
    private readonly ConcurrentQueue<string> _requests = [];

    private DashboardPage(IPage page) => Page = page;

    public IPage Page { get; }

    /// <summary>Errors and warnings of the console, and scripts that failed.</summary>
    public IReadOnlyCollection<string> Errors => _errors;

    /// <summary>The addresses that the page loaded.</summary>
    public IReadOnlyCollection<string> Requests => _requests;

    public static async Task<DashboardPage> OpenAsync(IBrowserContext context)
    {
        var page = await context.NewPageAsync();
        var dashboard = new DashboardPage(page);
        page.SetDefaultTimeout(Patience);
        page.Console += (_, message) =>
        {
            if (message.Type is "error" or "warning")
                dashboard._errors.Enqueue(message.Text);
        };
        page.PageError += (_, error) => dashboard._errors.Enqueue(error);
        page.Request += (_, request) => dashboard._requests.Enqueue(request.Url);
        await page.GotoAsync("/cache-dashboard");
        return dashboard;
    }

    public async Task LogInAsync(string username = "acme.admin", string password = Password)
    {
        await Page.GetByLabel("Username").FillAsync(username);
        await Page.GetByLabel("Password").FillAsync(password);
        await Page.GetByRole(AriaRole.Button, new() { Name = "Log in" }).ClickAsync();
    }

    public async Task<DashboardPage> LoggedInAsync(string username = "acme.admin")
    {
        await LogInAsync(username);
        await StatusAsync("healthy");
        return this;
    }

    /// <summary>Waits until the badge begins with a status.</summary>
    public Task StatusAsync(string status) => Assertions.Expect(Page.GetByRole(AriaRole.Status)).ToHaveTextAsync(
        new System.Text.RegularExpressions.Regex($"^{status}"), new() { Timeout = Patience });

    /// <summary>A cell of the tables by policy, or by policy and layer.</summary>
    public ILocator Figure(string figure, string policy, string? layer = null) => Page.Locator(
        $"td[data-figure='{figure}'][data-policy='{policy}']" + (layer is null ? "" : $"[data-layer='{layer}']"));

    /// <summary>The figures of a table of reads as (policy, layer, figure).</summary>
    public async Task<Dictionary<(string Policy, string Layer, string Figure), long>> ReadsAsync()
    {
        var cells = await Page.EvaluateAsync<string[]>(
            """
            () => [...document.querySelectorAll('#layers td[data-layer]')].map(cell =>
              [cell.dataset.policy, cell.dataset.layer, cell.dataset.figure, cell.textContent.replaceAll(',', '')]
                .join(' '))
            """);
        return cells.Select(cell => cell.Split(' ')).ToDictionary(
            cell => (cell[0], cell[1], cell[2]),
            cell => long.Parse(cell[3], System.Globalization.CultureInfo.InvariantCulture));
    }

    public async ValueTask DisposeAsync() => await Page.Context.DisposeAsync();
}
