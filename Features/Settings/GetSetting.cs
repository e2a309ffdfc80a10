using ECommerce.Features.Common.Settings;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Caching.Hybrid;

namespace ECommerce.Features.Settings;

internal static class GetSetting
{
    public static async Task<Results<Ok<SettingDetails>, ProblemHttpResult>> Handle(
        string key, Tenant tenant, HybridCache cache, TenantDbContexts contexts, CancellationToken ct)
    {
        if (KnownSettings.Find(key) is not { } setting)
            return Unknown();
        var stored = await TenantSettings.AllAsync(tenant, cache, contexts, ct);
        return TypedResults.Ok(SettingDetails.From(setting, stored.FirstOrDefault(row => row.Name == setting.Name)));
    }

    public static ProblemHttpResult Unknown() =>
        Problems.NotFound("unknown_setting", "There is no such setting; GET /api/v1/config lists those that exist.");
}
