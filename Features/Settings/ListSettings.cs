using ECommerce.Features.Common.Settings;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Caching.Hybrid;

namespace ECommerce.Features.Settings;

/// <summary>The whole catalogue, with what the tenant has set.</summary>
internal static class ListSettings
{
    public static async Task<Ok<PagedResult<SettingDetails>>> Handle(
        Tenant tenant, HybridCache cache, TenantDbContexts contexts, CancellationToken ct)
    {
        var stored = (await TenantSettings.AllAsync(tenant, cache, contexts, ct)).ToDictionary(row => row.Name);
        var settings = KnownSettings.All.Select(setting =>
            SettingDetails.From(setting, stored.GetValueOrDefault(setting.Name))).ToArray();
        return TypedResults.Ok(
            new PagedResult<SettingDetails>(settings, settings.Length, Page: 1, Limit: settings.Length));
    }
}
