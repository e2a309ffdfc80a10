using System.Text.Json;

namespace ECommerce.Features.Invoices.Channel;

/// <summary>A link to the provider's storage. It holds a signature, so it is a secret for as long as it is valid.</summary>
internal sealed class ProviderLink(string name, Uri target)
{
    private const int MaxName = 200;

    /// <summary>The provider's name of what the link leads to.</summary>
    public string Name => name;

    public Uri Target => target;

    /// <exception cref="FatturaPaException">There is no link, or it leads to a host that is not allowed.</exception>
    public static ProviderLink Read(string step, byte[] body, DownloadHosts hosts)
    {
        try
        {
            using var json = JsonDocument.Parse(body);
            if (json.RootElement.ValueKind == JsonValueKind.Object
                && Text(json.RootElement, "Complete") is { } complete
                && Uri.TryCreate(complete, UriKind.Absolute, out var target)
                && (Text(json.RootElement, "Name") ?? "") is { Length: <= MaxName } name)
            {
                hosts.Check(target);
                return new ProviderLink(name, target);
            }
        }
        catch (JsonException)
        {
            // As a body without a link.
        }
        throw new FatturaPaException(ProviderFault.Unreadable, $"{step}: the response of the provider has no link.");
    }

    private static string? Text(JsonElement json, string name) => json.EnumerateObject()
        .Where(member => member.Name.Equals(name, StringComparison.OrdinalIgnoreCase)
            && member.Value.ValueKind == JsonValueKind.String)
        .Select(member => member.Value.GetString()).FirstOrDefault();

    public override string ToString() => target.Host;
}
