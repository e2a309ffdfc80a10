using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using ECommerce.Features;
using ECommerce.Features.Common.CommandLine;

namespace ECommerce.Api.Commands;

/// <summary>
/// The command line: a command, or the configuration of the API in the forms of .NET (<c>--key=value</c>,
/// <c>--key value</c>, <c>/key value</c>, <c>key=value</c>).
/// </summary>
internal sealed class ApiCommands
{
    private const string Program = "dotnet run --project ECommerce.Api --";
    private const string SeeHelp = $"See '{Program} --help'.";

    private readonly string[] _args;

    private ApiCommands(string[] args) => _args = args;

    /// <summary>The command of the arguments; null if they start the API.</summary>
    public static ApiCommands? Parse(string[] args) =>
        IndexOfOther(args) < 0 ? null : new ApiCommands(args);

    /// <returns>The exit code.</returns>
    public async Task<int> RunAsync(Func<IHost> build)
    {
        if (IndexOfOther(_args) is > 0 and var misplaced)
        {
            return await FailAsync(
                $"'{_args[misplaced]}' is neither a command, which comes first, nor configuration (--key=value).");
        }
        var parse = CreateRoot(new CommandRunner(build))
            .Parse(_args, new ParserConfiguration { ResponseFileTokenReplacer = null });
        if (parse.Action is not ParseErrorAction)
            return await parse.InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false });
        return await FailAsync(parse.UnmatchedTokens is [var unknown, ..]
            ? $"'{unknown}' is not understood."
            : parse.Errors[0].Message);
    }

    // One line: the whole help would bury the error.
    private static async Task<int> FailAsync(string error)
    {
        var words = error.Split(default(char[]), StringSplitOptions.RemoveEmptyEntries);
        await Console.Error.WriteLineAsync($"{string.Join(' ', words)} {SeeHelp}");
        return ExitCodes.Usage;
    }

    /// <summary>
    /// The first argument that .NET does not read as configuration, or -1. It ignores those without a word, such as a
    /// misspelt command.
    /// </summary>
    private static int IndexOfOther(string[] args)
    {
        for (var i = 0; i < args.Length; i++)
        {
            var isConfiguration = args[i].StartsWith("--", StringComparison.Ordinal)
                || args[i].StartsWith('/') || args[i].Contains('=') && !args[i].StartsWith('-');
            if (!isConfiguration || args[i] is "--help" or "--version" or "--json")
                return i;
            // The next one is its value.
            if (!args[i].Contains('='))
                i++;
        }
        return -1;
    }

    private static RootCommand CreateRoot(CommandRunner runner)
    {
        var root = new RootCommand("Without a command: starts the API; options are its configuration (--urls=...).");
        root.Directives.Clear();
        root.Add(runner.Json);
        foreach (var command in FeatureRegistration.Commands(runner))
            root.Add(command);
        var help = root.Options.OfType<HelpOption>().Single();
        help.Action = new HelpWithExamples((SynchronousCommandLineAction)help.Action!);
        return root;
    }

    private sealed class HelpWithExamples(SynchronousCommandLineAction help) : SynchronousCommandLineAction
    {
        public override bool ClearsParseErrors => true;

        public override int Invoke(ParseResult parseResult)
        {
            help.Invoke(parseResult);
            var output = parseResult.InvocationConfiguration.Output;
            var examples = All(parseResult.CommandResult.Command).ToArray();
            if (examples.Length > 0)
                output.WriteLine("Examples:");
            foreach (var example in examples)
                output.WriteLine($"  {Program} {example}");
            output.WriteLine();
            return ExitCodes.Done;
        }

        private static IEnumerable<string> All(Command command) =>
            command is ApiCommand { Examples: var examples } ? examples : command.Subcommands.SelectMany(All);
    }
}
