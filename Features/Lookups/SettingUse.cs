using ECommerce.Features.Common.Settings;

namespace ECommerce.Features.Lookups;

/// <summary>The settings that name an order state.</summary>
internal static class SettingUse
{
    public static async Task<string?> FirstAsync(ECommerceDbContext db, int id, CancellationToken ct)
    {
        foreach (var setting in KnownSettings.All.OfType<OrderStateSetting>())
        {
            if (await TenantSettings.ReadAsync(db, setting, ct) == id)
                return $"Setting {setting.Name}";
        }
        return null;
    }
}
