using System.Text;
using Spectre.Console;

namespace ECommerce.Features.Common.CommandLine;

/// <summary>
/// A password from the standard input: arguments are visible to every process of the machine, and stay in the history
/// of the shell.
/// </summary>
internal static class PasswordInput
{
    // Longer than any password; the rest of a stream without line breaks is not read.
    private const int MaxLength = 1024;

    /// <summary>The first line, without its end; of a terminal, asked for and not shown.</summary>
    public static string Read()
    {
        if (Console.IsInputRedirected)
            return ReadLine(Console.OpenStandardInput());
        // Not on the standard output, which may be read by a program.
        var terminal = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) });
        return terminal.Prompt(new TextPrompt<string>("Password:").Secret(mask: null).AllowEmpty());
    }

    /// <exception cref="CommandRefusedException">It is not UTF-8, which the password of a login is.</exception>
    internal static string ReadLine(Stream input)
    {
        using var reader = new StreamReader(input, new UTF8Encoding(false, throwOnInvalidBytes: true));
        var line = new StringBuilder();
        try
        {
            int next;
            while (line.Length < MaxLength && (next = reader.Read()) is not (-1 or '\n'))
                line.Append((char)next);
        }
        catch (DecoderFallbackException)
        {
            throw new CommandRefusedException("The password on the standard input is not UTF-8.");
        }
        if (line is [.., '\r'])
            line.Length--;
        return line.ToString();
    }
}
