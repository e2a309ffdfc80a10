using ECommerce.Caching;
using ECommerce.Features.Data.Entities;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Caching.Hybrid;

namespace ECommerce.Features.Common.Settings;

/// <summary>A row of settings without its secret.</summary>
internal sealed record StoredSetting(string Name, bool IsSet, string? Value, long RowVersion, DateTime ChangedAt);

/// <summary>
/// Reads the settings of a tenant: those that are not secret from the caches, which forget them on every node when one
/// is written; secrets from the database every time.
/// </summary>
internal sealed class TenantSettings(HybridCache cache, TenantDbContexts contexts, SecretProtector secrets)
{
    public const string Whole = "all";

    public static readonly CachePolicy Policy = new(
        "config:{tenant}:{key}", fresh: TimeSpan.FromMinutes(15), stale: TimeSpan.FromMinutes(15));

    public static readonly Invalidates Invalidation = Invalidates.On<TenantSetting>(
        static row => [Policy.Key(row.Tenant, row.Name), Policy.Key(row.Tenant, Whole)]);

    public static ProtectedColumn Secrets { get; } = new("settings", "secret_value", Purpose) { NameColumn = "name" };

    /// <summary>What the secret of a setting is bound to.</summary>
    public static string Purpose(Tenant tenant, string name) => $"setting:{tenant}:{name}";

    /// <summary>The value of a setting, or its default.</summary>
    public async ValueTask<T> GetAsync<T>(Tenant tenant, Setting<T> setting, CancellationToken ct)
    {
        var stored = await AllAsync(tenant, cache, contexts, ct);
        return setting.ValueOf(stored.FirstOrDefault(row => row.IsSet && row.Name == setting.Name)?.Value);
    }

    /// <summary>The value of a setting, or its default, inside a write transaction.</summary>
    public static async Task<T> ReadAsync<T>(ECommerceDbContext db, Setting<T> setting, CancellationToken ct) =>
        setting.ValueOf(await db.Settings.Where(row => row.Name == setting.Name).Select(row => row.Value)
            .SingleOrDefaultAsync(ct));

    /// <summary>A secret; null where it is not set.</summary>
    /// <exception cref="System.Security.Cryptography.CryptographicException">No key opens it.</exception>
    public async Task<string?> SecretAsync(Tenant tenant, SecretSetting setting, CancellationToken ct)
    {
        await using var db = contexts.ForReading(tenant);
        return await ReadSecretAsync(db, setting, ct);
    }

    /// <summary>As <see cref="SecretAsync"/>, inside a write transaction.</summary>
    /// <exception cref="System.Security.Cryptography.CryptographicException">No key opens it.</exception>
    public async Task<string?> ReadSecretAsync(ECommerceDbContext db, SecretSetting setting, CancellationToken ct)
    {
        var value = await db.Settings.Where(row => row.Name == setting.Name).Select(row => row.SecretValue)
            .SingleOrDefaultAsync(ct);
        return value is null ? null : secrets.Unprotect(value, Purpose(db.Tenant, setting.Name));
    }

    /// <summary>All rows, also those of settings that were reset.</summary>
    public static ValueTask<IReadOnlyList<StoredSetting>> AllAsync(
        Tenant tenant, HybridCache cache, TenantDbContexts contexts, CancellationToken ct) =>
        cache.GetOrCreateAsync(
            Policy.Key(tenant, Whole), (contexts, tenant),
            static async ValueTask<IReadOnlyList<StoredSetting>> (state, ct) =>
            {
                await using var db = state.contexts.ForReading(state.tenant);
                return await db.Rows<TenantSetting>().OrderBy(row => row.Name)
                    .Select(row => new StoredSetting(
                        row.Name, row.DeletedAt == null, row.Value, row.RowVersion, row.ChangedAt))
                    .ToListAsync(ct);
            },
            Policy.Options, cancellationToken: ct);
}
