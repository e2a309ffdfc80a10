using System.Diagnostics;

namespace ECommerce.Api.Tests.Api;

public sealed class ConfigurationTests
{
    private const string Good = "0123456789abcdef0123456789abcdef";
    private const string GoodKey = "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=";

    [Theory]
    [InlineData("JWT_SIGNING_KEY", "", GoodKey)]
    [InlineData("JWT_SIGNING_KEY", "too-short", GoodKey)]
    [InlineData("DATA_PROTECTION_KEY", Good, "")]
    [InlineData("DATA_PROTECTION_KEY", Good, "not Base64")]
    [InlineData("DATA_PROTECTION_KEY", Good, "c2hvcnQ=")]
    [InlineData("CACHE_ENCRYPTION_KEY", Good, GoodKey, "k1:c2hvcnQ=")]
    [InlineData("CACHE_MAX_MEM_ITEMS", Good, GoodKey, "", "none")]
    [InlineData("REQUEST_TIMEOUT", Good, GoodKey, "", "10", "soon")]
    [InlineData("REQUEST_TIMEOUT", Good, GoodKey, "", "10", "0")]
    public async Task A_wrong_setting_stops_the_start_with_one_line_that_names_it(
        string named, string signingKey, string protectionKey, string encryptionKey = "", string items = "10",
        string timeout = "30")
    {
        using var process = Process.Start(
            new ProcessStartInfo("dotnet", [typeof(ApiExceptionHandler).Assembly.Location])
            {
                RedirectStandardError = true,
                RedirectStandardOutput = true,
                Environment =
            {
                ["JWT_SIGNING_KEY"] = signingKey,
                ["DATA_PROTECTION_KEY"] = protectionKey,
                ["CACHE_KEY_SALT"] = "salt",
                ["CACHE_ENCRYPTION_KEY"] = encryptionKey,
                ["CACHE_MAX_MEM_ITEMS"] = items,
                ["REQUEST_TIMEOUT"] = timeout,
                ["ASPNETCORE_URLS"] = "http://127.0.0.1:0",
            },
            })!;

        var error = await process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);

        Assert.Equal(1, process.ExitCode);
        Assert.StartsWith("Configuration: " + named, error);
        Assert.Single(error.TrimEnd().Split('\n'));
    }
}
