using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Console;

namespace ECommerce.ServiceDefaults.Telemetry;

/// <summary>
/// One JSON object a line. Events of the cache (they have names) are their fields and nothing else:
/// <c>{"event":"cache_hit","key":"order:acme:7","layer":"memory","ttl_remaining":90,"correlation_id":"req-…", …}</c>;
/// everything else is its message.
/// </summary>
internal sealed class JsonLogFormatter(TimeProvider time) : ConsoleFormatter(FormatterName)
{
    public const string FormatterName = "ecommerce-json";

    private const string CacheCategory = "ECommerce.Caching.";
    private const string CorrelationId = "correlation_id";
    private const string Template = "{OriginalFormat}";

    // The reader is a machine that reads JSON, not HTML.
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public override void Write<TState>(
        in LogEntry<TState> logEntry, IExternalScopeProvider? scopeProvider, TextWriter textWriter)
    {
        var buffer = new ArrayBufferWriter<byte>(512);
        using (var json = new Utf8JsonWriter(buffer, Options))
        {
            json.WriteStartObject();
            if (logEntry.EventId.Name is { } name
                && logEntry.Category.StartsWith(CacheCategory, StringComparison.Ordinal))
            {
                WriteEvent(json, name, logEntry);
            }
            else
            {
                WriteMessage(json, logEntry);
            }
            json.WriteString(CorrelationId, FindCorrelationId(scopeProvider));
            json.WriteString(
                "timestamp", time.GetUtcNow().ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture));
            json.WriteEndObject();
        }
        // In one piece: lines of several threads, or of several writers of one file, must not run into each other.
        textWriter.Write(Encoding.UTF8.GetString(buffer.WrittenSpan) + "\n");
    }

    private static void WriteEvent<TState>(Utf8JsonWriter json, string name, in LogEntry<TState> entry)
    {
        json.WriteString("event", name);
        foreach (var (key, value) in entry.State as IReadOnlyList<KeyValuePair<string, object?>> ?? [])
        {
            if (key == Template)
                continue;
            json.WritePropertyName(JsonNamingPolicy.SnakeCaseLower.ConvertName(key));
            WriteValue(json, value);
        }
        if (entry.Exception is { } exception)
            json.WriteString("error", $"{exception.GetType().Name}: {exception.Message}");
    }

    private static void WriteMessage<TState>(Utf8JsonWriter json, in LogEntry<TState> entry)
    {
        json.WriteString("level", entry.LogLevel.ToString());
        json.WriteString("category", entry.Category);
        if (entry.EventId.Name is { } name)
            json.WriteString("event", name);
        json.WriteString("message", entry.Formatter(entry.State, entry.Exception));
        if (entry.Exception is { } exception)
            json.WriteString("exception", exception.ToString());
    }

    private static void WriteValue(Utf8JsonWriter json, object? value)
    {
        switch (value)
        {
            case null:
                json.WriteNullValue();
                break;
            case bool boolean:
                json.WriteBooleanValue(boolean);
                break;
            case int or long or short or byte:
                json.WriteNumberValue(Convert.ToInt64(value, CultureInfo.InvariantCulture));
                break;
            case double number when double.IsFinite(number):
                json.WriteNumberValue(number);
                break;
            default:
                json.WriteStringValue(Convert.ToString(value, CultureInfo.InvariantCulture));
                break;
        }
    }

    // The request's scope; null for what no request asked for.
    private static string? FindCorrelationId(IExternalScopeProvider? scopes)
    {
        var found = new StrongBox();
        scopes?.ForEachScope(
            static (scope, found) =>
            {
                if (scope is not IEnumerable<KeyValuePair<string, object>> pairs)
                    return;
                foreach (var (key, value) in pairs)
                {
                    if (key == CorrelationId)
                        found.Value = value as string;
                }
            },
            found);
        return found.Value;
    }

    private sealed class StrongBox
    {
        public string? Value;
    }
}
