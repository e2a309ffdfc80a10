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
        var (exitCode, output) = await RunAsync(["check", "metrics"], metrics);
        Assert.True(exitCode == 0 && output.Length == 0, output);
    }

    /// <summary>Runs a command of promtool in a folder; its exit code, and what it printed.</summary>
    public static async Task<(int ExitCode, string Output)> RunAsync(
        string[] arguments, string input = "", string folder = "")
    {
        using var promtool = Process.Start(new ProcessStartInfo("promtool", arguments)
        {
            WorkingDirectory = folder,
            RedirectStandardInput = true,
            RedirectStandardError = true,
            RedirectStandardOutput = true,
        })!;
        await promtool.StandardInput.WriteAsync(input);
        promtool.StandardInput.Close();
        var ct = TestContext.Current.CancellationToken;
        var output = await Task.WhenAll(
            promtool.StandardError.ReadToEndAsync(ct), promtool.StandardOutput.ReadToEndAsync(ct));
        await promtool.WaitForExitAsync(ct);
        return (promtool.ExitCode, string.Concat(output));
    }
}
