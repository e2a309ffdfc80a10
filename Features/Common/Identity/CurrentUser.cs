using System.Globalization;
using Microsoft.AspNetCore.Http;

namespace ECommerce.Features.Common.Identity;

/// <summary>The user of the validated token.</summary>
public sealed record CurrentUser(int Id, string Name, string Role)
{
    public const string IdClaim = "sub";
    internal const string NameClaim = "name";
    public const string RoleClaim = "role";

    public static ValueTask<CurrentUser> BindAsync(HttpContext context) =>
        ValueTask.FromResult(From(context)
            ?? throw new InvalidOperationException(
                "A route with the current user needs an authorization policy that requires one."));

    internal static CurrentUser? From(HttpContext context) =>
        int.TryParse(Claim(context, IdClaim), NumberStyles.None, CultureInfo.InvariantCulture, out var id)
            ? new CurrentUser(id, Claim(context, NameClaim) ?? "", Claim(context, RoleClaim) ?? "")
            : null;

    private static string? Claim(HttpContext context, string type) => context.User.FindFirst(type)?.Value;
}
