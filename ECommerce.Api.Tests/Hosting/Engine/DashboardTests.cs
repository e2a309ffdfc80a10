using System.Net;
using System.Text.Json;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Engine;
using Aspire.Hosting.Testing;
using Microsoft.Extensions.Configuration;

namespace ECommerce.Api.Tests.Hosting.Engine;

public sealed class DashboardTests : IAsyncLifetime
{
    private const string Token = "the-token-of-this-test";

    private readonly Uri _address = new($"http://localhost:{Ports.Take()}");
    private readonly IDistributedApplicationTestingBuilder _builder =
        DistributedApplicationTestingBuilder.Create([], static (options, _) => options.DisableDashboard = false);
    private readonly HttpClient _browser;
    private DistributedApplication? _app;

    public DashboardTests() =>
        _browser = new(new HttpClientHandler { AllowAutoRedirect = false }) { BaseAddress = _address };

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _builder.Configuration.AddInMemoryCollection(
            [new("ASPNETCORE_URLS", _address.OriginalString), new("ASPIRE_DASHBOARD_FRONTEND_BROWSERTOKEN", Token)]);
        _builder.AddExecutable("sleeper", "sh", ".", "-c", "echo '<b>hello</b>'; sleep 600");
        _builder.AddParameter("key", "a-secret-value", secret: true);
        _app = await _builder.BuildAsync(Ct);
        await _app.StartAsync(Ct);
        await _app.ResourceNotifications.WaitForResourceHealthyAsync("sleeper", Ct);
    }

    public async ValueTask DisposeAsync()
    {
        _browser.Dispose();
        await _app!.DisposeAsync();
        await _builder.DisposeAsync();
    }

    [Fact]
    public async Task A_login_redirects_to_a_local_path_without_the_token_and_sets_a_safe_cookie()
    {
        using var foreign = await _browser.GetAsync($"/login?t={Token}&returnUrl=//evil.example", Ct);

        Assert.Equal("/", foreign.Headers.Location?.OriginalString);
        var cookie = Assert.Single(foreign.Headers.GetValues("Set-Cookie"));
        Assert.Contains("httponly", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("samesite=lax", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain(Token, cookie, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await _browser.GetAsync("/", Ct)).StatusCode);
    }

    [Fact]
    public async Task Without_the_token_nothing_is_shown()
    {
        Assert.Equal(HttpStatusCode.Unauthorized, (await _browser.GetAsync("/login?t=wrong", Ct)).StatusCode);
        Assert.Equal("/login", (await _browser.GetAsync("/", Ct)).Headers.Location?.OriginalString);
        Assert.Equal(HttpStatusCode.Unauthorized, (await _browser.GetAsync("/api/resources", Ct)).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await _browser.PostAsync("/api/resources/sleeper/stop", null, Ct)).StatusCode);
    }

    [Fact]
    public async Task A_foreign_host_name_is_refused()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/login?t={Token}");
        request.Headers.Host = $"evil.example:{_address.Port}";

        Assert.Equal(HttpStatusCode.MisdirectedRequest, (await _browser.SendAsync(request, Ct)).StatusCode);
    }

    [Fact]
    public async Task A_command_needs_the_cookie_and_our_own_page()
    {
        await _browser.GetAsync($"/login?t={Token}", Ct);

        Assert.Equal(HttpStatusCode.Forbidden, (await CommandAsync("stop", "http://evil.example")).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await CommandAsync("stop", origin: null)).StatusCode);
        Assert.Equal(HttpStatusCode.NoContent, (await CommandAsync("stop", _address.GetLeftPart(UriPartial.Authority))).StatusCode);
        await _app!.ResourceNotifications.WaitForResourceAsync("sleeper", KnownResourceStates.Finished, Ct);
        Assert.Equal(HttpStatusCode.Conflict, (await CommandAsync("restart", _address.GetLeftPart(UriPartial.Authority))).StatusCode);
    }

    [Fact]
    public async Task States_and_logs_are_streamed_without_secrets()
    {
        await _browser.GetAsync($"/login?t={Token}", Ct);

        var sleeper = await FirstAsync("/api/resources", row => row.GetProperty("name").GetString() == "sleeper");
        var parameter = await FirstAsync("/api/resources", row => row.GetProperty("name").GetString() == "key");
        var lines = await FirstAsync("/api/logs/sleeper", batch => batch.GetRawText().Contains("hello", StringComparison.Ordinal));

        Assert.Equal("Running", sleeper.GetProperty("state").GetString());
        Assert.DoesNotContain("a-secret-value", parameter.GetRawText(), StringComparison.Ordinal);
        Assert.Contains(lines.EnumerateArray(),
            line => line.GetProperty("content").GetString()!.EndsWith("<b>hello</b>", StringComparison.Ordinal));
    }

    private async Task<HttpResponseMessage> CommandAsync(string command, string? origin)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/api/resources/sleeper/{command}");
        if (origin is not null)
            request.Headers.Add("Origin", origin);

        return await _browser.SendAsync(request, Ct);
    }

    private async Task<JsonElement> FirstAsync(string path, Func<JsonElement, bool> predicate)
    {
        using var reader = new StreamReader(await _browser.GetStreamAsync(path, Ct));
        while (await reader.ReadLineAsync(Ct) is { } line)
        {
            if (!line.StartsWith("data: ", StringComparison.Ordinal))
                continue;

            var data = JsonSerializer.Deserialize<JsonElement>(line[6..]);
            if (predicate(data))
                return data;
        }

        throw new InvalidOperationException($"{path} ended.");
    }
}
