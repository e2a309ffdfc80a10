using System.Globalization;
using Microsoft.AspNetCore.Http;

namespace ECommerce.Features.Common.Identity;

/// <summary>The user of the validated token.</summary>
public sealed record CurrentUser(int Id, string Name, string Role)
{
    internal const string IdClaim = "sub";
    internal const string NameClaim = "name";
    internal const string RoleClaim = "role";

    public static ValueTask<CurrentUser> BindAsync(HttpContext context) =>
        ValueTask.FromResult(From(context) ?? throw new InvalidOperationException("A route that reads the caller needs a policy that demands one."));

    internal static CurrentUser? From(HttpContext context) =>
        int.TryParse(context.User.FindFirst(IdClaim)?.Value, NumberStyles.None, CultureInfo.InvariantCulture, out var id)
            ? new CurrentUser(id, context.User.FindFirst(NameClaim)?.Value ?? "", context.User.FindFirst(RoleClaim)?.Value ?? "")
            : null;
}
