using System.Runtime.CompilerServices;
using Aspire.Hosting.ApplicationModel;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Aspire.Hosting.Dashboard;

/// <summary>The page, and what it asks for: the states and console logs as event streams, the commands.</summary>
internal sealed class DashboardApi(
    DistributedApplicationModel model, ResourceNotificationService notifications, ResourceLoggerService loggers,
    ResourceCommandService commands)
{
    private static readonly Dictionary<string, string> CommandNames = new()
    {
        ["start"] = KnownResourceCommands.StartCommand,
        ["stop"] = KnownResourceCommands.StopCommand,
        ["restart"] = KnownResourceCommands.RestartCommand,
    };

    public void Map(WebApplication app)
    {
        var stopping = app.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping;

        app.MapGet("/", () => WebFile.Answer("index.html"));
        app.MapGet("/app.js", () => WebFile.Answer("app.js"));
        app.MapGet("/style.css", () => WebFile.Answer("style.css"));
        app.MapGet("/api/resources", (CancellationToken ct) => TypedResults.ServerSentEvents(Rows(ct, stopping)));
        app.MapGet("/api/logs/{id}", (string id, CancellationToken ct) => TypedResults.ServerSentEvents(Lines(id, ct, stopping)));
        app.MapPost("/api/resources/{id}/{command}", ExecuteAsync);
    }

    private async Task<IResult> ExecuteAsync(string id, string command)
    {
        if (!CommandNames.TryGetValue(command, out var name))
            return TypedResults.NotFound();

        // Not with the request's token: a closed browser must not leave a command half done.
        var result = await commands.ExecuteCommandAsync(id, name, CancellationToken.None).ConfigureAwait(false);
        return result.Success ? TypedResults.NoContent() : TypedResults.Text(result.ErrorMessage, statusCode: StatusCodes.Status409Conflict);
    }

    private async IAsyncEnumerable<ResourceRow> Rows([EnumeratorCancellation] CancellationToken aborted, CancellationToken stopping)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(aborted, stopping);
        await foreach (var change in notifications.WatchAsync(either.Token).ConfigureAwait(false))
            yield return await ResourceRow.OfAsync(change, model.Resources.IndexOf(change.Resource), either.Token).ConfigureAwait(false);
    }

    private async IAsyncEnumerable<IReadOnlyList<LogLine>> Lines(string id, [EnumeratorCancellation] CancellationToken aborted,
        CancellationToken stopping)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(aborted, stopping);
        // So that the browser sees the stream open at once, also while there is nothing to read.
        yield return [];
        await foreach (var batch in loggers.WatchAsync(id).WithCancellation(either.Token).ConfigureAwait(false))
            yield return batch;
    }
}
