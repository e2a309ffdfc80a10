using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace ECommerce.Features.Accounts;

internal sealed record Identity(int Id, string Username, string Role, string? Tenant);

internal static class WhoAmI
{
    public static Ok<Identity> Handle(Caller caller, HttpContext http) =>
        TypedResults.Ok(new Identity(caller.Id, caller.Name, caller.Role, Tenant.Of(http)?.Slug));
}
