namespace ECommerce.Api.Tests.Contract;

/// <summary>The routes that the API is to have under <c>/api/v1</c>; the names of parameters are left out.</summary>
internal static class ContractRoutes
{
    private static readonly string[] Lookups =
        ["order_states", "categories", "brands", "carriers", "countries", "langs"];

    /// <summary>All that clients were promised.</summary>
    public static IReadOnlyList<string> All { get; } =
    [
        "POST /auth/login", "POST /auth/refresh", "POST /auth/logout", "GET /auth/me",
        "GET /orders", "GET /orders/{}", "POST /orders", "PUT /orders/{}", "PATCH /orders/{}",
        "PATCH /orders/{}/status", "DELETE /orders/{}", "GET /orders/{}/history", "GET /orders/{}/payments",
        "GET /orders/{}/refunds", "POST /orders/{}/process", "POST /orders/{}/push-state",
        "GET /me/orders",
        .. Entity("customers"), "GET /customers/{}/addresses",
        .. Entity("products"), .. Entity("addresses"),
        .. Entity("quotes"), "POST /quotes/{}/convert", "POST /quotes/{}/duplicate",
        .. Lookups.SelectMany(Entity),
        "GET /config", "GET /config/{}", "PUT /config/{}", "DELETE /config/{}",
        "GET /statistics/sales",
        "GET /shops", "POST /shops", "PUT /shops/{}",
        "GET /shops/{}/prestashop/orders", "GET /shops/{}/prestashop/customers", "GET /shops/{}/prestashop/products",
        "POST /shops/{}/sync", "GET /sync/{}", "GET /sync/{}/events",
        "POST /orders/{}/invoice", "POST /invoices/{}/credit-note", "GET /invoices", "GET /invoices/{}",
        "GET /invoices/{}/xml", "POST /invoices/{}/send", "GET /invoices/{}/notifications",
        "GET /fatturapa/pool", "GET /fatturapa/invoices/{}", "GET /fatturapa/invoices/{}/xml",
        "GET /cache/keys", "GET /cache/keys/explain", "DELETE /cache", "POST /cache/invalidate", "GET /cache/stats",
        "POST /cache/reset", "GET /cache/flags", "PUT /cache/flags", "POST /cache/warm", "GET /cache/events",
        "GET /cache/analytics",
    ];

    /// <summary>What the API has beyond that, and why.</summary>
    public static IReadOnlyList<(string Route, string Reason)> Beyond { get; } =
    [
        ("POST /auth/password", "a user changes the own password"),
        ("GET /shops/{}", "the settings of a shop are read before they are replaced"),
        ("POST /customers/{}/erase", "the right to erasure"),
        ("GET /invoices/{}/html", "an invoice is read and printed by people"),
        ("GET /orders/{}/messages", "the messages of an order"),
        ("GET /orders/{}/shipments", "the tracking numbers of an order"),
    ];

    /// <summary>What is missing. A line is deleted with the commit that builds its route.</summary>
    public static IReadOnlyList<string> NotBuiltYet { get; } = [];

    private static IEnumerable<string> Entity(string name) =>
        [$"GET /{name}", $"GET /{name}/{{}}", $"POST /{name}", $"PUT /{name}/{{}}", $"DELETE /{name}/{{}}"];
}
