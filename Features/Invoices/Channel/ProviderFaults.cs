using System.Net;
using System.Xml;
using System.Xml.Linq;

namespace ECommerce.Features.Invoices.Channel;

/// <summary>An error in the provider's own format.</summary>
/// <param name="Code">Sender: the request is wrong. Receiver: the provider failed.</param>
/// <param name="Text">The reason, at most 300 characters in one line.</param>
internal sealed record StatedFault(string Code, string Text);

/// <summary>
/// What a response other than a success means. Of its body a message has only what the provider's or the storage's own
/// error format holds: a page of the host is not repeated.
/// </summary>
internal static class ProviderFaults
{
    private const int MaxText = 300;

    public static FatturaPaException Of(
        string step, HttpResponseMessage response, byte[] body, bool isStorage, ProviderKey? key, TimeProvider time)
    {
        var stated = Stated(body);
        var text = stated is null ? "." : $": {Shown(stated.Text, key)}";
        var status = response.StatusCode;
        var (fault, message) = status switch
        {
            HttpStatusCode.TooManyRequests =>
                (ProviderFault.TooManyRequests, "the provider asks for fewer requests."),
            HttpStatusCode.RequestTimeout => (ProviderFault.TooSlow, "the provider gave up waiting."),
            HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden when isStorage =>
                (ProviderFault.LinkRefused, "the link of the provider has expired, or is refused."),
            HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden =>
                (ProviderFault.InvalidKey, "the provider does not accept the API key. Check the setting."),
            HttpStatusCode.NotFound when isStorage => (ProviderFault.NotFound, "the provider has no such file."),
            >= HttpStatusCode.InternalServerError =>
                (ProviderFault.Unavailable, $"the provider has an error ({(int)status}){text}"),
            _ => (ProviderFault.Refused, $"the provider has refused the request ({(int)status}){text}"),
        };
        return new FatturaPaException(fault, $"{step}: {message}")
        {
            IsStated = stated is not null,
            RetryAfter = RetryAfter(response, time),
        };
    }

    /// <summary>The error that stands in a body; null: there is none, whatever the status.</summary>
    public static StatedFault? Stated(byte[] body)
    {
        if (body.AsSpan().IndexOf("Fault>"u8) < 0 && body.AsSpan().IndexOf("<Error>"u8) < 0)
            return null;
        try
        {
            var root = ProviderXml.Load(body);
            return root.Name.LocalName is "Fault" or "Error"
                ? new StatedFault(First(root, "Value") ?? First(root, "Code") ?? "", First(root, "Text")
                    ?? First(root, "Message") ?? "")
                : null;
        }
        catch (XmlException)
        {
            return null;
        }
    }

    /// <summary>A text of the provider as people may see it.</summary>
    public static string Shown(string text, ProviderKey? key)
    {
        var line = new string([.. text.Select(static c => char.IsControl(c) ? ' ' : c)]).Trim();
        var safe = key?.Redact(line) ?? line;
        return safe.Length <= MaxText ? safe : safe[..MaxText];
    }

    // WCF may write the names with any prefix.
    private static string? First(XElement root, string name) =>
        root.Descendants().FirstOrDefault(element => element.Name.LocalName == name)?.Value;

    private static TimeSpan? RetryAfter(HttpResponseMessage response, TimeProvider time) =>
        response.Headers.RetryAfter is not { } header ? null : header.Delta ?? header.Date - time.GetUtcNow();
}
