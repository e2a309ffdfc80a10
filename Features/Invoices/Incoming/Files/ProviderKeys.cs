using ECommerce.Features.Common.Settings;
using ECommerce.Features.Invoices.Channel;
using Microsoft.EntityFrameworkCore;

namespace ECommerce.Features.Invoices.Incoming.Files;

/// <summary>The API key of a tenant, and the version of its setting: another version may be another account.</summary>
internal sealed record VersionedKey(ProviderKey Key, long Version);

/// <summary>Reads the API keys of tenants, from the database every time.</summary>
internal sealed class ProviderKeys(TenantDbContexts contexts, SecretProtector secrets)
{
    /// <summary>The key; null: none is set.</summary>
    /// <exception cref="FatturaPaException">What is set cannot be a key.</exception>
    /// <exception cref="System.Security.Cryptography.CryptographicException">It cannot be decrypted.</exception>
    public async Task<VersionedKey?> FindAsync(Tenant tenant, CancellationToken ct)
    {
        var name = KnownSettings.FatturaPaApiKey.Name;
        await using var db = contexts.ForReading(tenant);
        var row = await db.Settings.Where(row => row.Name == name && row.SecretValue != null)
            .Select(row => new { row.SecretValue, row.RowVersion }).SingleOrDefaultAsync(ct);
        return row is null
            ? null
            : new VersionedKey(
                ProviderKey.Create(secrets.Unprotect(row.SecretValue!, TenantSettings.Purpose(tenant, name))),
                row.RowVersion);
    }
}
