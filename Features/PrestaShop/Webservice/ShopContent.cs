using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;

namespace ECommerce.Features.PrestaShop.Webservice;

/// <summary>The response to one request of a list.</summary>
/// <param name="Rows">The rows; null: the body that the caller has already, by its SHA-1.</param>
/// <param name="Sha1">The SHA-1 of the body, in hexadecimal lower case; null where it was not asked for.</param>
internal sealed record ShopContent(IReadOnlyList<ShopRow>? Rows, string? Sha1)
{
    [SuppressMessage("Security", "CA5350", Justification = "The webservice compares contents by SHA-1; no secret is.")]
    public static string Hash(ReadOnlySpan<byte> body) => Convert.ToHexStringLower(SHA1.HashData(body));
}
