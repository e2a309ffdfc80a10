using ECommerce.Mocks.FatturaPa.Provider;

namespace ECommerce.Mocks.FatturaPa.Control;

/// <summary>
/// A call of the provider or of its storage: <c>verify</c>, <c>uploadstart</c>, <c>uploadstart1</c>, <c>uploadstop</c>,
/// <c>uploadstop1</c>, <c>pool</c>, <c>put</c>, <c>table</c> or <c>download</c>.
/// </summary>
/// <param name="Name">In lower case.</param>
/// <param name="Path">With an asterisk in place of the key, and without the query, which holds a signature.</param>
internal sealed record ProviderCall(string Name, string Path)
{
    /// <summary>Null: a call of the control plane, or of something else.</summary>
    public static ProviderCall? Of(HttpRequest request)
    {
        var path = request.Path;
        if (path.StartsWithSegments(ProviderApi.Root, StringComparison.OrdinalIgnoreCase, out var rest))
        {
            var parts = (rest.Value ?? "").Split('/', StringSplitOptions.RemoveEmptyEntries);
            if (parts.Length > 1)
                parts[1] = "*";
            return new ProviderCall(
                parts.ElementAtOrDefault(0)?.ToLowerInvariant() ?? "", $"{ProviderApi.Root}/{string.Join('/', parts)}");
        }
        if (path.StartsWithSegments("/blob/upload"))
            return new ProviderCall("put", path);
        if (path.StartsWithSegments("/blob/files"))
            return new ProviderCall("download", path);
        return path.StartsWithSegments("/table") ? new ProviderCall("table", path) : null;
    }
}
