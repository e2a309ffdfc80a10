using Microsoft.AspNetCore.Http;

namespace ECommerce.Features.Common.Identity;

/// <summary>
/// The merchant that owns the data of a request. Tenant isolation: taken from the validated token only, never from a
/// header, a route or a query.
/// </summary>
public readonly record struct Tenant(string Slug)
{
    public const string Claim = "tenant";

    private const int MaxLength = 32;

    /// <summary>Whether a text is a slug as it is stored: lower-case ASCII letters, digits, dashes.</summary>
    public static bool IsCanonical(string slug)
    {
        ArgumentNullException.ThrowIfNull(slug);
        return slug.Length is > 0 and <= MaxLength
            && slug.All(static c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c is '-' or '_');
    }

    public override string ToString() => Slug;

    public static ValueTask<Tenant> BindAsync(HttpContext context) =>
        From(context) is { } tenant
            ? ValueTask.FromResult(tenant)
            : throw new InvalidOperationException(
                "A route with a tenant needs an authorization policy that requires one.");

    internal static Tenant? From(HttpContext context) =>
        context.User.FindFirst(Claim)?.Value is { Length: > 0 } slug ? new Tenant(slug) : null;
}
