using System.Net;
using System.Text;
using System.Text.Json;

namespace ECommerce.Features.PrestaShop.Webservice;

/// <summary>
/// Reads the rows of a webservice response, or throws an exception that names the error.
/// </summary>
internal static class PrestaShopBody
{
    private const int MaxExcerpt = 200;

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
            $"{resource}: the shop returned a body that is not JSON: {Excerpt(body)}", mayBeTooMuch: true);
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
        try
        {
            using var document = JsonDocument.Parse(body);
            if (document.RootElement.TryGetProperty("errors", out var errors)
                && errors.ValueKind == JsonValueKind.Array)
            {
                reason += ": "
                    + string.Join(
                        "; ", errors.EnumerateArray()
                            .Select(error => $"{error.GetProperty("code")} {error.GetProperty("message")}"));
            }
        }
        catch (Exception exception) when (
            exception is JsonException or InvalidOperationException or KeyNotFoundException)
        {
            if (body.Length > 0)
                reason += ": " + Excerpt(body);
        }
        return new PrestaShopException(reason, mayBeTooMuch: (int)status >= 500);
    }

    private static string Excerpt(byte[] body)
    {
        var text = Encoding.UTF8.GetString(body, 0, Math.Min(body.Length, MaxExcerpt));
        return string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
    }
}
