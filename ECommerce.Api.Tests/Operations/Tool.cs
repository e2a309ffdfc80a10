using System.Diagnostics;

namespace ECommerce.Api.Tests.Operations;

/// <summary>What a program of the machine has written.</summary>
internal sealed record Tool(int ExitCode, string Output, string Error)
{
    public static async Task<Tool> RunAsync(
        string program, IEnumerable<string> arguments, string input = "", string folder = "",
        params IEnumerable<(string Name, string Value)> environment)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = folder,
            RedirectStandardInput = true,
            RedirectStandardError = true,
            RedirectStandardOutput = true,
        };
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        using var process = Process.Start(start)!;
        await process.StandardInput.WriteAsync(input);
        process.StandardInput.Close();
        var ct = TestContext.Current.CancellationToken;
        var (output, error) = (process.StandardOutput.ReadToEndAsync(ct), process.StandardError.ReadToEndAsync(ct));
        await process.WaitForExitAsync(ct);
        return new Tool(process.ExitCode, (await output).Trim(), (await error).Trim());
    }

    public Tool Succeeded()
    {
        Assert.True(ExitCode == 0, $"Exit code {ExitCode}: {Output} {Error}");
        return this;
    }
}
