using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace ECommerce.Features.Accounts;

internal sealed record Identity(int Id, string Username, string Role, string? Tenant);

internal static class WhoAmI
{
    public static Ok<Identity> Handle(CurrentUser user, HttpContext http) =>
        TypedResults.Ok(new Identity(user.Id, user.Name, user.Role, Tenant.From(http)?.Slug));
}
