using System.Net;
using System.Security.Claims;
using ECommerce.Api.Tests.Api;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace ECommerce.Api.Tests.Contract;

/// <summary>Every operation with every role.</summary>
public sealed class PermissionMatrixTests(ApiFixture fixture)
{
    private static readonly (string Role, string User)[] Users =
    [
        (Roles.Admin, "acme.admin"), (Roles.User, "acme.user"), (Roles.Orders, "acme.ordini"),
        (Roles.Quotes, "acme.preventivi"), (Roles.Invoices, "acme.fatturazione"), (Roles.SuperAdmin, "super.admin"),
    ];

    [Fact]
    public async Task Every_role_is_granted_what_the_table_grants_and_nothing_else()
    {
        var wrong = new List<string>();
        var granted = 0;
        Assert.Equal(Roles.All.Order(), Users.Select(user => user.Role).Order());
        foreach (var route in Closed())
        {
            if (PermissionTable.Find(route.Operation()) is not { } roles)
            {
                wrong.Add($"{route.Operation()} is not in the table");
                continue;
            }
            foreach (var (role, _) in Users)
            {
                var isGranted = await IsGrantedAsync(route, role);
                granted += isGranted ? 1 : 0;
                if (isGranted != roles.Contains(role))
                    wrong.Add($"{route.Operation()} {(isGranted ? "is" : "is not")} granted to {role}");
            }
        }

        Assert.True(granted > 150);
        Assert.Empty(wrong);
    }

    // What is granted by the policies is refused over HTTP, so that the two are one.
    [Fact]
    public async Task A_role_without_the_permission_gets_403_and_no_token_401()
    {
        var wrong = new List<string>();
        var refused = 0;
        foreach (var route in Closed())
        {
            var roles = PermissionTable.Find(route.Operation()) ?? [];
            foreach (var (role, user) in Users.Where(user => !roles.Contains(user.Role)))
            {
                refused++;
                if (await StatusAsync(fixture.As(user), route) is var status && status != HttpStatusCode.Forbidden)
                    wrong.Add($"{route.Operation()} as {role}: {status}");
            }
            if (await StatusAsync(fixture.Api.Anonymous(), route) is var anonymous
                && anonymous != HttpStatusCode.Unauthorized)
            {
                wrong.Add($"{route.Operation()} without a token: {anonymous}");
            }
        }

        Assert.True(refused > 150);
        Assert.Empty(wrong);
    }

    [Fact]
    public void Only_log_in_refresh_and_log_out_need_no_token() =>
        Assert.Equal(
            PermissionTable.Open.Order(),
            RouteTable.Of(fixture).Where(route => route.Metadata.OfType<IAllowAnonymous>().Any())
                .Select(route => route.Operation()).Order());

    private IEnumerable<RouteEndpoint> Closed() =>
        RouteTable.Of(fixture).Where(route => !PermissionTable.Open.Contains(route.Operation()));

    private async Task<bool> IsGrantedAsync(RouteEndpoint route, string role)
    {
        var services = fixture.Services;
        var policy = await AuthorizationPolicy.CombineAsync(
            services.GetRequiredService<IAuthorizationPolicyProvider>(), route.Metadata.OfType<IAuthorizeData>());
        var user = new ClaimsIdentity("test", CurrentUser.IdClaim, CurrentUser.RoleClaim);
        user.AddClaim(new Claim(CurrentUser.RoleClaim, role));
        if (role != Roles.SuperAdmin)
            user.AddClaim(new Claim(Tenant.Claim, "acme"));
        var result = await services.GetRequiredService<IAuthorizationService>()
            .AuthorizeAsync(new ClaimsPrincipal(user), null, policy!.Requirements);
        return result.Succeeded;
    }

    private static async Task<HttpStatusCode> StatusAsync(HttpClient client, RouteEndpoint route)
    {
        using var response = await client.CallAsync(HttpMethod.Parse(route.Method()), route.PathOfNothing());
        return response.StatusCode;
    }
}
