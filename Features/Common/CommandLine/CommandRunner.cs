using System.CommandLine;
using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Spectre.Console;

namespace ECommerce.Features.Common.CommandLine;

/// <summary>
/// Runs a command over the services of the API and writes its result: one line, or one JSON object with <c>--json</c>.
/// </summary>
/// <param name="build">Builds the API, which is not started: no port is opened and nothing runs beside the command.
/// </param>
public sealed class CommandRunner(Func<IHost> build)
{
    // Where no terminal sets it: a table is not to be broken for a pipe.
    private const int WidthOfPipe = 160;

    private static readonly JsonSerializerOptions JsonOptions = CreateJsonOptions();

    /// <summary>The option that each command has.</summary>
    public Option<bool> Json { get; } =
        new("--json") { Description = "Write the result as one JSON object.", Recursive = true };

    /// <returns>The exit code.</returns>
    internal async Task<int> RunAsync(ParseResult parse, Func<CommandHost, Task<CommandResult>> command)
    {
        var output = parse.InvocationConfiguration;
        try
        {
            await using var host = new CommandHost(build);
            CommandResult result;
            try
            {
                result = await command(host);
            }
            catch (Exception exception) when (DatabaseErrors.IsDeadlock(exception))
            {
                // Undone in favour of a concurrent write, as in RepeatedWrites.
                result = await command(host);
            }
            Show(parse, result);
            await output.Output.WriteLineAsync(
                Text(parse, result.IsDeferred ? "deferred" : "done", result.Message, result.Values));
            return result.IsDeferred ? ExitCodes.Deferred : ExitCodes.Done;
        }
        catch (CommandRefusedException refused)
        {
            return await EndAsync("refused", refused.Message);
        }
        catch (OptionsValidationException invalid)
        {
            return await EndAsync("failed", $"Configuration: {string.Join(" ", invalid.Failures)}");
        }
        catch (CommitOutcomeUnknownException)
        {
            return await EndAsync(
                "unknown", "The database did not respond to the commit: run the command again to see what it did.");
        }
        catch (OperationCanceledException)
        {
            return await EndAsync("failed", "Cancelled.");
        }
        // Whatever it is, an operator gets one line and no stack trace.
        catch (Exception exception)
        {
            var reason = exception.GetBaseException().Message.ReplaceLineEndings(" ");
            return await EndAsync("failed", DatabaseErrors.IsDriverError(exception)
                ? $"The database failed ({reason}). Check ConnectionStrings__ecommerce and its server."
                : reason);
        }

        async Task<int> EndAsync(string outcome, string message)
        {
            // Programs read one stream; a person's pipe must not get an error as a result.
            var writer = parse.GetValue(Json) ? output.Output : output.Error;
            await writer.WriteLineAsync(Text(parse, outcome, message, []));
            return ExitCodes.Refused;
        }
    }

    /// <summary>Shows how far a command is, where a person watches.</summary>
    /// <param name="parse">The command line.</param>
    /// <param name="what">What takes long.</param>
    /// <param name="work">The work. Its argument takes the share that is done, 0 to 1.</param>
    internal async Task<T> WithProgressAsync<T>(ParseResult parse, string what, Func<Action<double>, Task<T>> work)
    {
        if (parse.GetValue(Json) || Console.IsErrorRedirected)
            return await work(static _ => { });
        // Not on the standard output, which may be read by a program.
        var terminal = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) });
        return await terminal.Progress().AutoClear(true).StartAsync(async progress =>
        {
            var task = progress.AddTask(what, maxValue: 1);
            task.IsIndeterminate = true;
            return await work(share => (task.IsIndeterminate, task.Value) = (false, share));
        });
    }

    private void Show(ParseResult parse, CommandResult result)
    {
        if (parse.GetValue(Json) || result.Shown is not { } shown)
            return;
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = new AnsiConsoleOutput(parse.InvocationConfiguration.Output),
        });
        if (Console.IsOutputRedirected)
            console.Profile.Width = WidthOfPipe;
        console.Write(shown);
    }

    private static JsonSerializerOptions CreateJsonOptions()
    {
        var options = new JsonSerializerOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
        ApiJson.Configure(options);
        return options;
    }

    private string Text(ParseResult parse, string outcome, string message, (string Name, object? Value)[] values) =>
        parse.GetValue(Json)
            ? JsonSerializer.Serialize(
                new Dictionary<string, object?>([
                    new("outcome", outcome), new("message", message),
                    .. values.Select(static value => KeyValuePair.Create(value.Name, value.Value))]),
                JsonOptions)
            : message;
}

/// <summary>The services of the API, made when a command first needs them: its input is checked before.</summary>
internal sealed class CommandHost(Func<IHost> build) : IAsyncDisposable
{
    private IHost? _host;
    private bool _isMigrated;
    private string? _password;

    /// <summary>The password of the standard input, which is read once.</summary>
    public string ReadPassword() => _password ??= PasswordInput.Read();

    /// <summary>The services, whatever the schema.</summary>
    public IServiceProvider Build() => (_host ??= build()).Services;

    /// <summary>The services, with the schema up to date: migrated as by a starting replica.</summary>
    public async Task<IServiceProvider> StartAsync(CancellationToken ct)
    {
        var services = Build();
        if (!_isMigrated)
            await services.GetRequiredService<SchemaMigrator>().MigrateAsync(ct);
        _isMigrated = true;
        return services;
    }

    public async ValueTask DisposeAsync()
    {
        if (_host is IAsyncDisposable host)
            await host.DisposeAsync();
    }
}
