using System.Net;
using System.Text;
using System.Text.Json;

namespace ECommerce.Features.PrestaShop.Webservice;

/// <summary>
/// Reads the rows of a webservice response, or throws an exception that names the error. Its message has no bytes of
/// the body: roles that may not see the shop's settings read it, and SSRF could make it the body of an internal server.
/// </summary>
internal static class PrestaShopBody
{
    private const int MaxErrors = 5;

    public static IReadOnlyList<ShopRow> Rows(string resource, HttpStatusCode status, byte[] body)
    {
        // The body of an error is never read as data: PHP may print valid data after its error.
        if (status != HttpStatusCode.OK)
            throw Refusal(resource, status, body);
        if (body.Length == 0)
            throw new PrestaShopException($"{resource}: the shop returned 200 with an empty body.", mayBeTooMuch: true);

        var root = Parse(resource, body);
        // An empty list is a bare array.
        if (root.ValueKind == JsonValueKind.Array && root.GetArrayLength() == 0)
            return [];
        if (root.ValueKind == JsonValueKind.Object && root.TryGetProperty(resource, out var rows)
            && rows.ValueKind == JsonValueKind.Array)
        {
            return [.. rows.EnumerateArray().Select(row => new ShopRow(row))];
        }

        throw new PrestaShopException(
            $"{resource}: the response of the shop has no list of {resource}.", mayBeTooMuch: false);
    }

    private static JsonElement Parse(string resource, byte[] body)
    {
        foreach (var start in Starts(resource, body))
        {
            try
            {
                using var document = JsonDocument.Parse(body.AsMemory(start));
                return document.RootElement.Clone();
            }
            catch (JsonException)
            {
                // The next candidate.
            }
        }
        throw new PrestaShopException(
            $"{resource}: the shop returned a body that is not JSON ({body.Length} bytes).", mayBeTooMuch: true);
    }

    // Some modules print notices or a byte order mark before the data.
    private static IEnumerable<int> Starts(string resource, byte[] body)
    {
        yield return body.AsSpan().StartsWith(Encoding.UTF8.Preamble) ? Encoding.UTF8.Preamble.Length : 0;
        if (body.AsSpan().IndexOf(Encoding.UTF8.GetBytes($"{{\"{resource}\"")) is > 0 and var start)
            yield return start;
    }

    private static PrestaShopException Refusal(string resource, HttpStatusCode status, byte[] body)
    {
        var reason = $"{resource}: the shop returned {(int)status}";
        var codes = ErrorCodes(body);
        if (codes.Length > 0)
            reason += $" (error {string.Join(", ", codes)})";
        return new PrestaShopException(reason, mayBeTooMuch: (int)status >= 500);
    }

    /// <summary>The numbers of the errors that the shop names. Of its texts nothing: see the class.</summary>
    private static int[] ErrorCodes(byte[] body)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            return [.. document.RootElement.GetProperty("errors").EnumerateArray().Take(MaxErrors)
                .Select(error => error.GetProperty("code").GetInt32())];
        }
        catch (Exception exception) when (
            exception is JsonException or InvalidOperationException or KeyNotFoundException or FormatException)
        {
            return [];
        }
    }
}
