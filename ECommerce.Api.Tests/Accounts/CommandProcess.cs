using System.Diagnostics;
using System.Text;

namespace ECommerce.Api.Tests.Accounts;

/// <summary>What one command of the API, run as a process of its own, has written.</summary>
internal sealed record CommandProcess(int ExitCode, string Output, string Error)
{
    /// <summary>Runs it with the settings of a Production installation.</summary>
    /// <param name="mySql">The connection string.</param>
    /// <param name="redis">The connection string.</param>
    /// <param name="input">The standard input.</param>
    /// <param name="arguments">The command.</param>
    public static Task<CommandProcess> RunAsync(
        string mySql, string redis, string input, params IEnumerable<string> arguments) =>
        RunAsync(ApiFactory.Environment(mySql, redis), input, arguments);

    /// <summary>The same with other settings; of two of one name the later one counts.</summary>
    public static async Task<CommandProcess> RunAsync(
        IEnumerable<(string Name, string Value)> settings, string input, params IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo(
            "dotnet", [typeof(CommandProcess).Assembly.Location, Program.NodeArgument, "none", .. arguments])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardInputEncoding = new UTF8Encoding(false),
        };
        foreach (var (name, value) in settings)
            start.Environment[name] = value;
        start.Environment["ASPNETCORE_ENVIRONMENT"] = "Production";
        using var process = Process.Start(start)!;
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        try
        {
            await process.StandardInput.WriteAsync(input);
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // A command that needs no input may have ended.
        }
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return new CommandProcess(process.ExitCode, (await output).TrimEnd(), (await error).TrimEnd());
    }

    /// <summary>The one line of a command that is refused or not understood.</summary>
    public void AssertRefused(int exitCode, string part)
    {
        Assert.Equal((exitCode, ""), (ExitCode, Output));
        Assert.Contains(part, Error, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', Error);
    }
}
