using Microsoft.AspNetCore.Authorization;

namespace ECommerce.Features.Common.Identity;

/// <summary>The names of the authorization policies and the roles that satisfy each.</summary>
public static class Permissions
{
    public const string SignedIn = nameof(SignedIn);
    public const string Read = nameof(Read);
    public const string WriteOrders = nameof(WriteOrders);
    public const string WriteCustomers = nameof(WriteCustomers);
    public const string WriteProducts = nameof(WriteProducts);
    public const string WriteQuotes = nameof(WriteQuotes);
    public const string WriteInvoices = nameof(WriteInvoices);

    /// <summary>The pool of the tenant's account at the FatturaPA intermediary, and the files in it.</summary>
    public const string ReadPool = nameof(ReadPool);

    public const string WriteLookups = nameof(WriteLookups);
    public const string ManageShops = nameof(ManageShops);
    public const string SyncShops = nameof(SyncShops);
    public const string ErasePersonalData = nameof(ErasePersonalData);
    public const string ManageSettings = nameof(ManageSettings);

    /// <summary>An ADMIN, of the own tenant, or a SUPERADMIN, who has none.</summary>
    public const string ManageCache = nameof(ManageCache);

    public const string ManageAllCaches = nameof(ManageAllCaches);

    internal static void Add(AuthorizationOptions options)
    {
        options.AddPolicy(SignedIn, policy => policy.RequireAuthenticatedUser());
        Allow(Read, Roles.Admin, Roles.User, Roles.Orders, Roles.Quotes, Roles.Invoices);
        Allow(WriteOrders, Roles.Admin, Roles.Orders);
        Allow(WriteCustomers, Roles.Admin, Roles.Orders, Roles.Quotes);
        Allow(WriteProducts, Roles.Admin);
        Allow(WriteQuotes, Roles.Admin, Roles.Quotes);
        Allow(WriteInvoices, Roles.Admin, Roles.Invoices);
        Allow(ReadPool, Roles.Admin, Roles.Invoices);
        Allow(WriteLookups, Roles.Admin);
        Allow(ManageShops, Roles.Admin);
        Allow(SyncShops, Roles.Admin, Roles.Orders);
        Allow(ErasePersonalData, Roles.Admin);
        Allow(ManageSettings, Roles.Admin);
        // Beside SignedIn the only ones that a token without a tenant satisfies.
        options.AddPolicy(
            ManageCache, policy => policy.RequireAuthenticatedUser().RequireRole(Roles.Admin, Roles.SuperAdmin));
        options.AddPolicy(
            ManageAllCaches, policy => policy.RequireAuthenticatedUser().RequireRole(Roles.SuperAdmin));

        void Allow(string permission, params string[] roles) =>
            options.AddPolicy(
                permission, policy => policy.RequireAuthenticatedUser().RequireClaim(Tenant.Claim).RequireRole(roles));
    }
}
