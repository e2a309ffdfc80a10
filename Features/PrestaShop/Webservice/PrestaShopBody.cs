using System.Net;
using System.Text;
using System.Text.Json;

namespace ECommerce.Features.PrestaShop.Webservice;

/// <summary>
/// Reads the rows of a webservice response, or throws an exception that names the error. Of the body its message has
/// only what the webservice's own error format holds: roles that may not see the shop's settings read it, and SSRF
/// could make it the body of an internal server.
/// </summary>
internal static class PrestaShopBody
{
    // The resource, or the method, is not allowed to the key.
    private static readonly int[] MissingRights = [26, 25];

    private const int MaxErrors = 5;
    private const int MaxMessage = 300;

    // Beyond this length a body holds no errors of the webservice.
    private const int MaxErrorBytes = 64 << 10;

    public static async ValueTask<IReadOnlyList<ShopRow>> RowsAsync(
        string resource, HttpStatusCode status, Memory<byte> body, ShopClock? clock = null, int limit = int.MaxValue)
    {
        // The body of an error is never read as data: PHP may print valid data after its error.
        if (status != HttpStatusCode.OK)
            throw Refusal(resource, status, body);
        if (body.Span.Trim(" \t\r\n"u8).Length == 0)
        {
            throw new PrestaShopException(
                $"{resource}: the shop returned 200 with an empty body.", ShopFault.Unreadable);
        }

        var json = ShopText.Repaired(body);
        foreach (var start in Starts(resource, json.Span))
        {
            try
            {
                var reader = new RowReader(ListName(resource), json[start..], clock ?? ShopClock.Rome, limit);
                if (await reader.ReadAsync() is { } rows)
                    return rows;
            }
            catch (JsonException)
            {
                // The next candidate.
                continue;
            }
            throw new PrestaShopException(
                $"{resource}: the response of the shop has no list of {resource}.{ErrorsOf(json[start..].Span)}",
                ShopFault.Final);
        }
        throw new PrestaShopException(
            $"{resource}: the shop returned a body that is not JSON ({body.Length} bytes).", ShopFault.Unreadable);
    }

    // The one resource whose name is a singular.
    private static string ListName(string resource) => resource == "order_slip" ? "order_slips" : resource;

    // Some modules print notices or a byte order mark before the data.
    private static List<int> Starts(string resource, ReadOnlySpan<byte> body)
    {
        List<int> starts = [body.StartsWith(Encoding.UTF8.Preamble) ? Encoding.UTF8.Preamble.Length : 0];
        if (body.IndexOf(Encoding.UTF8.GetBytes($"\"{ListName(resource)}\"")) is > 0 and var name
            && body[..name].TrimEnd(" \t\r\n"u8) is [.., (byte)'{'] and var before)
        {
            starts.Add(before.Length - 1);
        }
        if (body.TrimEnd(" \t\r\n"u8) is [.., (byte)'[', (byte)']'] and var list)
            starts.Add(list.Length - 2);
        return starts;
    }

    /// <summary>What a status other than 200 means.</summary>
    public static PrestaShopException Refusal(string resource, HttpStatusCode status, Memory<byte> body)
    {
        var errors = ErrorsOf(ShopText.Repaired(body).Span);
        var isMissingRight = MissingRights.Any(
            code => errors.StartsWith($" (error {code}:", StringComparison.Ordinal));
        // An error of the webservice itself is not what too large a page leads to, unless PHP raised it (2 to 15).
        var isFinal = (int)status < 500 || errors.Length > 0 && status == HttpStatusCode.ServiceUnavailable;
        return new PrestaShopException(
            $"{resource}: the shop returned {(int)status}{errors}", isFinal ? ShopFault.Final : ShopFault.Overloaded)
        {
            IsRefusal = status is HttpStatusCode.BadRequest or HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden
            or HttpStatusCode.NotFound or HttpStatusCode.MethodNotAllowed,
            IsMissingRight = isMissingRight,
        };
    }

    // Nothing for a page of the host.
    private static string ErrorsOf(ReadOnlySpan<byte> body)
    {
        if (body.Length > MaxErrorBytes)
            return "";
        try
        {
            var reader = new Utf8JsonReader(body);
            return Errors(JsonElement.ParseValue(ref reader));
        }
        catch (JsonException)
        {
            return "";
        }
    }

    /// <summary>The errors that the webservice names: <c> (error 22: The PrestaShop webservice is disabled)</c>.
    /// </summary>
    private static string Errors(JsonElement root)
    {
        if (root.ValueKind != JsonValueKind.Object || !root.TryGetProperty("errors", out var errors)
            || errors.ValueKind != JsonValueKind.Array)
        {
            return "";
        }
        var named = errors.EnumerateArray().Take(MaxErrors).Select(Error).OfType<string>().ToArray();
        return named.Length == 0 ? "" : $" (error {string.Join("; ", named)})";
    }

    private static string? Error(JsonElement error)
    {
        try
        {
            var row = new ShopRow(error);
            if (row.Int("code") is not { } code)
                return null;
            var message = row.Text("message", MaxMessage) ?? "";
            var printable = new string([.. message.Where(c => !char.IsControl(c))]);
            return printable.Length == 0 ? $"{code}" : $"{code}: {printable}";
        }
        catch (RowRejectedException)
        {
            return null;
        }
    }
}
