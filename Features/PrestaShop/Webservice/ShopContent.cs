using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;

namespace ECommerce.Features.PrestaShop.Webservice;

/// <summary>The response to one request of a list.</summary>
/// <param name="Rows">The rows; null: the body that the caller has already, by its SHA-1.</param>
/// <param name="Body">What the shop sent.</param>
internal sealed record ShopContent(IReadOnlyList<ShopRow>? Rows, byte[] Body)
{
    /// <summary>The SHA-1 of the body, in hexadecimal lower case.</summary>
    [SuppressMessage("Security", "CA5350", Justification = "The webservice compares contents by SHA-1; no secret is.")]
    public string Sha1() => Convert.ToHexStringLower(SHA1.HashData(Body));
}
