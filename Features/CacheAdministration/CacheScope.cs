using ECommerce.Caching.Inspection;
using Microsoft.AspNetCore.Http;

namespace ECommerce.Features.CacheAdministration;

/// <summary>Who administers the cache, and whose entries: those of one tenant, or of all.</summary>
public sealed record CacheScope(CurrentUser User, string? Tenant)
{
    private const string OsUserRole = "OS_USER";

    /// <summary>The user in the database; null on the command line, whose user is the operating system's.</summary>
    internal int? UserId => User.Role == OsUserRole ? null : User.Id;

    /// <summary>The operating system's user, for one tenant, or for all.</summary>
    internal static CacheScope CommandLine(string? tenant) =>
        new(new CurrentUser(0, Environment.UserName, OsUserRole), tenant);

    public static ValueTask<CacheScope> BindAsync(HttpContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        // Checked once more: only the one role that has no tenant may reach all of them.
        return (CurrentUser.From(context), Common.Identity.Tenant.From(context)) switch
        {
            ({ Role: Roles.SuperAdmin } user, null) => ValueTask.FromResult(new CacheScope(user, null)),
            ({ Role: Roles.Admin } user, { } tenant) => ValueTask.FromResult(new CacheScope(user, tenant.Slug)),
            _ => throw new InvalidOperationException(
                "A route of the cache needs an authorization policy that requires ADMIN or SUPERADMIN."),
        };
    }

    /// <summary>Whether a pattern is about other tenants than the caller's.</summary>
    internal bool IsForeign(string pattern, ICacheInspector inspector) =>
        Tenant is { } own && inspector.NamesAnotherTenant(pattern, own);

    /// <summary>Whether a key or tag is not one of the caller's tenant.</summary>
    internal bool IsForeignKey(string keyOrTag, ICacheInspector inspector) =>
        Tenant is { } own && inspector.TenantOf(keyOrTag) != own;
}
