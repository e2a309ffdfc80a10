namespace ECommerce.Api.Tests.Contract;

/// <summary>Which roles may call which operation, as the customer has laid it down.</summary>
internal static class PermissionTable
{
    private static readonly string[] Admin = [Roles.Admin];
    private static readonly string[] EveryUser =
        [Roles.Admin, Roles.User, Roles.Orders, Roles.Quotes, Roles.Invoices];
    private static readonly string[] OrderWriters = [Roles.Admin, Roles.Orders];
    private static readonly string[] CustomerWriters = [Roles.Admin, Roles.Orders, Roles.Quotes];
    private static readonly string[] QuoteWriters = [Roles.Admin, Roles.Quotes];
    private static readonly string[] InvoiceWriters = [Roles.Admin, Roles.Invoices];
    private static readonly string[] CacheManagers = [Roles.Admin, Roles.SuperAdmin];
    private static readonly string[] SignedIn = [.. EveryUser, Roles.SuperAdmin];
    private static readonly string[] SuperAdmin = [Roles.SuperAdmin];

    // The first that fits decides; * stands for the rest of an operation's name.
    private static readonly (string Pattern, string[] Roles)[] Rows =
    [
        ("GET /auth/me", SignedIn), ("POST /auth/password", SignedIn),
        ("GET /cache/flags", SuperAdmin), ("PUT /cache/flags", SuperAdmin), ("POST /cache/reset", SuperAdmin),
        ("GET /cache/*", CacheManagers), ("POST /cache/*", CacheManagers), ("DELETE /cache", CacheManagers),
        ("GET /config*", Admin), ("PUT /config/{}", Admin), ("DELETE /config/{}", Admin),
        ("GET /shops/{}/prestashop/*", EveryUser),
        ("GET /shops/{}", Admin), ("POST /shops/{}/sync", OrderWriters), ("POST /shops", Admin),
        ("PUT /shops/{}", Admin),
        ("GET /fatturapa/*", InvoiceWriters),
        ("GET /*", EveryUser),
        ("POST /orders/{}/invoice", InvoiceWriters), ("POST /invoices/*", InvoiceWriters),
        ("POST /orders*", OrderWriters), ("PUT /orders/{}", OrderWriters), ("PATCH /orders/{}*", OrderWriters),
        ("DELETE /orders/{}", OrderWriters),
        ("POST /customers/{}/erase", Admin),
        ("POST /customers", CustomerWriters), ("PUT /customers/{}", CustomerWriters),
        ("DELETE /customers/{}", CustomerWriters),
        ("POST /addresses", CustomerWriters), ("PUT /addresses/{}", CustomerWriters),
        ("DELETE /addresses/{}", CustomerWriters),
        ("POST /quotes*", QuoteWriters), ("PUT /quotes/{}", QuoteWriters), ("DELETE /quotes/{}", QuoteWriters),
        .. ((string[])["products", "order_states", "categories", "brands", "carriers", "countries", "langs"])
            .SelectMany(name => ((string, string[])[])
                [($"POST /{name}", Admin), ($"PUT /{name}/{{}}", Admin), ($"DELETE /{name}/{{}}", Admin)]),
    ];

    /// <summary>Operations that need no token.</summary>
    public static IReadOnlyList<string> Open { get; } = ["POST /auth/login", "POST /auth/refresh", "POST /auth/logout"];

    /// <summary>The roles of an operation; null: no row of the table is about it.</summary>
    public static IReadOnlyList<string>? Find(string operation) =>
        Rows.FirstOrDefault(row => Fits(operation, row.Pattern)).Roles;

    private static bool Fits(string operation, string pattern) => pattern.EndsWith('*')
        ? operation.StartsWith(pattern[..^1], StringComparison.Ordinal)
        : operation == pattern;
}
