using System.Diagnostics;

namespace ECommerce.Api;

/// <summary>
/// Every request has an id: the client's if it is safe to log, else a new one. It is in the response and in every log
/// line.
/// </summary>
internal static class RequestIds
{
    public const string Header = "X-Request-ID";
    private const int MaxLength = 64;

    public static void UseRequestIds(this WebApplication app)
    {
        var logger = app.Services.GetRequiredService<ILoggerFactory>().CreateLogger("ECommerce.Api.Requests");
        app.Use(async (context, next) =>
        {
            var given = context.Request.Headers[Header];
            var id = given.Count == 1 && IsSafe(given[0]) ? given[0]! : Create();
            context.TraceIdentifier = id;
            Activity.Current?.SetTag("correlation_id", id);
            // When the response starts: the exception handler empties the headers.
            context.Response.OnStarting(() =>
            {
                context.Response.Headers[Header] = id;
                SecurityHeaders.Write(context.Response.Headers);
                return Task.CompletedTask;
            });
            using (logger.BeginScope(new KeyValuePair<string, object>[] { new("correlation_id", id) }))
                await next(context);
        });
    }

    /// <summary>A new id.</summary>
    public static string Create() => $"req-{Guid.NewGuid():N}";

    private static bool IsSafe(string? id) =>
        id is { Length: > 0 and <= MaxLength } && id.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.');
}
