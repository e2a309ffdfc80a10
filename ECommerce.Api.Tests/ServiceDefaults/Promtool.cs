using System.Diagnostics;

namespace ECommerce.Api.Tests.ServiceDefaults;

/// <summary>Prometheus' own judgement. On a build machine it is there, or the tests that ask it fail.</summary>
public static class Promtool
{
    public const string Reason =
        "promtool is not installed (Debian: apt-get install --no-install-recommends prometheus); "
        + "only the strict reader of the tests checks the format.";

    public static bool IsExpected { get; } =
        Environment.GetEnvironmentVariable("CI") is { Length: > 0 }
        || (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
            .Any(folder => File.Exists(Path.Combine(folder, "promtool")));

    public static async Task AssertAcceptsAsync(string metrics)
    {
        using var promtool = Process.Start(
            new ProcessStartInfo(
                "promtool", ["check", "metrics"])
            {
                RedirectStandardInput = true,
                RedirectStandardError = true,
                RedirectStandardOutput = true
            })!;
        await promtool.StandardInput.WriteAsync(metrics);
        promtool.StandardInput.Close();
        var ct = TestContext.Current.CancellationToken;
        var output = await promtool.StandardError.ReadToEndAsync(ct) + await promtool.StandardOutput.ReadToEndAsync(ct);
        await promtool.WaitForExitAsync(ct);
        Assert.True(promtool.ExitCode == 0 && output.Length == 0, output);
    }
}
