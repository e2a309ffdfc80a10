using System.Net;

namespace ECommerce.Api.Tests.Api;

public sealed class PermissionTests(ApiFixture fixture)
{
    private static readonly string[] EveryUser =
        ["acme.admin", "acme.user", "acme.ordini", "acme.preventivi", "acme.fatturazione"];

    private static readonly (string Method, string Path, string[] May)[] Routes =
    [
        ("GET", "/api/v1/orders", EveryUser),
        ("GET", "/api/v1/orders/999999999", EveryUser),
        ("GET", "/api/v1/orders/999999999/history", EveryUser),
        ("GET", "/api/v1/orders/999999999/payments", EveryUser),
        ("GET", "/api/v1/orders/999999999/refunds", EveryUser),
        ("GET", "/api/v1/orders/999999999/shipments", EveryUser),
        ("GET", "/api/v1/orders/999999999/messages", EveryUser),
        ("GET", "/api/v1/me/orders", EveryUser),
        ("GET", "/api/v1/customers", EveryUser),
        ("GET", "/api/v1/customers/999999999/addresses", EveryUser),
        ("GET", "/api/v1/addresses", EveryUser),
        ("GET", "/api/v1/addresses/999999999", EveryUser),
        ("GET", "/api/v1/quotes", EveryUser),
        ("GET", "/api/v1/quotes/999999999", EveryUser),
        ("GET", "/api/v1/invoices", EveryUser),
        ("GET", "/api/v1/invoices/999999999", EveryUser),
        ("GET", "/api/v1/invoices/999999999/xml", EveryUser),
        ("GET", "/api/v1/invoices/999999999/html", EveryUser),
        ("GET", "/api/v1/invoices/999999999/notifications", EveryUser),
        ("GET", "/api/v1/products", EveryUser),
        ("GET", "/api/v1/order_states", EveryUser),
        ("GET", "/api/v1/carriers/1", EveryUser),
        ("GET", "/api/v1/shops", EveryUser),
        ("GET", "/api/v1/statistics/sales", EveryUser),
        ("GET", "/api/v1/shops/1", ["acme.admin"]),
        ("POST", "/api/v1/shops", ["acme.admin"]),
        ("PUT", "/api/v1/shops/1", ["acme.admin"]),
        ("POST", "/api/v1/products", ["acme.admin"]),
        ("PUT", "/api/v1/products/999999999", ["acme.admin"]),
        ("DELETE", "/api/v1/products/999999999", ["acme.admin"]),
        ("POST", "/api/v1/customers", ["acme.admin", "acme.ordini", "acme.preventivi"]),
        ("PUT", "/api/v1/customers/999999999", ["acme.admin", "acme.ordini", "acme.preventivi"]),
        ("DELETE", "/api/v1/customers/999999999", ["acme.admin", "acme.ordini", "acme.preventivi"]),
        ("POST", "/api/v1/addresses", ["acme.admin", "acme.ordini", "acme.preventivi"]),
        ("PUT", "/api/v1/addresses/999999999", ["acme.admin", "acme.ordini", "acme.preventivi"]),
        ("DELETE", "/api/v1/addresses/999999999", ["acme.admin", "acme.ordini", "acme.preventivi"]),
        ("POST", "/api/v1/quotes", ["acme.admin", "acme.preventivi"]),
        ("PUT", "/api/v1/quotes/999999999", ["acme.admin", "acme.preventivi"]),
        ("DELETE", "/api/v1/quotes/999999999", ["acme.admin", "acme.preventivi"]),
        ("POST", "/api/v1/orders/999999999/invoice", ["acme.admin", "acme.fatturazione"]),
        ("POST", "/api/v1/invoices/999999999/credit-note", ["acme.admin", "acme.fatturazione"]),
        ("POST", "/api/v1/invoices/999999999/send", ["acme.admin", "acme.fatturazione"]),
        ("POST", "/api/v1/quotes/999999999/convert", ["acme.admin", "acme.preventivi"]),
        ("POST", "/api/v1/quotes/999999999/duplicate", ["acme.admin", "acme.preventivi"]),
        ("POST", "/api/v1/orders", ["acme.admin", "acme.ordini"]),
        ("PUT", "/api/v1/orders/999999999", ["acme.admin", "acme.ordini"]),
        ("PATCH", "/api/v1/orders/999999999", ["acme.admin", "acme.ordini"]),
        ("PATCH", "/api/v1/orders/999999999/status", ["acme.admin", "acme.ordini"]),
        ("POST", "/api/v1/orders/999999999/process", ["acme.admin", "acme.ordini"]),
        ("POST", "/api/v1/orders/999999999/push-state", ["acme.admin", "acme.ordini"]),
        ("DELETE", "/api/v1/orders/999999999", ["acme.admin", "acme.ordini"]),
    ];

    public static TheoryData<string, string, string, bool> Matrix()
    {
        var matrix = new TheoryData<string, string, string, bool>();
        foreach (var (method, path, may) in Routes)
        {
            foreach (var user in EveryUser.Append("super.admin"))
                matrix.Add(user, method, path, may.Contains(user));
        }
        return matrix;
    }

    [Theory]
    [MemberData(nameof(Matrix))]
    public async Task A_role_may_do_what_the_contract_grants_and_nothing_else(
        string user, string method, string path, bool may)
    {
        using var response = await fixture.As(user)
            .CallAsync(new HttpMethod(method), path, method is "POST" or "PUT" or "PATCH" ? new { } : null);

        if (may)
        {
            Assert.False(
                response.StatusCode is HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden
                    or >= HttpStatusCode.InternalServerError,
                $"{response.StatusCode}");
        }
        else
        {
            await response.ProblemAsync(HttpStatusCode.Forbidden, "forbidden");
        }
    }

    [Fact]
    public async Task Without_a_token_every_route_returns_401()
    {
        foreach (var (method, path, _) in Routes)
        {
            using var response = await fixture.Api.Anonymous().CallAsync(new HttpMethod(method), path);
            await response.ProblemAsync(HttpStatusCode.Unauthorized);
        }
    }
}
