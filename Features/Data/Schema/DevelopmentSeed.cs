using System.Data.Common;
using Dapper;
using ECommerce.Features.Common.Settings;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Configuration;

namespace ECommerce.Features.Data.Schema;

/// <summary>
/// What a developer's empty database starts with: two merchants, a user for every role, a shop each. Never outside
/// Development.
/// </summary>
internal sealed class DevelopmentSeed(SecretProtector secrets, IConfiguration configuration, TimeProvider time)
{
    // The key of an account at the mock of the provider: with it the first merchant can issue invoices at once.
    private const string AccountKey = "DEMO_FATTURAPA_KEY";

    private const string Password = "demo-Passw0rd!";
    private const string ShopKey = "DEMOKEYDEMOKEYDEMOKEYDEMOKEY1234";

    private static readonly (
        string Slug, string Name, int FirstId)[] Tenants =
            [("acme", "Acme S.r.l.", 1), ("globex", "Globex S.p.A.", 101)];

    private static readonly (string? Tenant, string Username, string Role)[] Users =
    [
        ("acme", "acme.admin", Roles.Admin), ("acme", "acme.user", Roles.User), ("acme", "acme.ordini", Roles.Orders),
        ("acme", "acme.preventivi", Roles.Quotes), ("acme", "acme.fatturazione", Roles.Invoices),
        ("globex", "globex.admin", Roles.Admin), (null, "super.admin", Roles.SuperAdmin),
    ];

    // Ids are unique over all tenants: the second merchant's begin at 101.
    private const string Lookups = """
        INSERT INTO order_states (id, tenant_id, number, name, color, paid, shipped, invoice, logable, delivery)
        VALUES
            (@id + 0, @tenant, 1, 'In attesa', '#34209E', 0, 0, 0, 0, 0),
            (@id + 1, @tenant, 2, 'Pagato / preso in carico', '#3498D8', 1, 0, 1, 1, 0),
            (@id + 2, @tenant, 3, 'In preparazione', '#3498D8', 1, 0, 1, 1, 1),
            (@id + 3, @tenant, 4, 'Spedito', '#01B887', 1, 1, 1, 1, 1),
            (@id + 4, @tenant, 5, 'Consegnato', '#01B887', 1, 1, 1, 1, 1),
            (@id + 5, @tenant, 6, 'Annullato', '#2C3E50', 0, 0, 0, 0, 0);
        INSERT INTO categories (id, tenant_id, name)
        VALUES (@id, @tenant, 'Illuminazione'), (@id + 1, @tenant, 'Arredo');
        INSERT INTO brands (id, tenant_id, name) VALUES (@id, @tenant, 'Lumen'), (@id + 1, @tenant, 'Casa Nostra');
        INSERT INTO carriers (id, tenant_id, name, is_free)
        VALUES (@id, @tenant, 'Ritiro in sede', 1), (@id + 1, @tenant, 'Corriere espresso', 0);
        INSERT INTO countries (id, tenant_id, name, iso_code)
        VALUES (@id, @tenant, 'Italia', 'IT'), (@id + 1, @tenant, 'San Marino', 'SM');
        INSERT INTO langs (id, tenant_id, name, iso_code, locale)
        VALUES (@id, @tenant, 'Italiano', 'it', 'it-IT'), (@id + 1, @tenant, 'English', 'en', 'en-GB')
        """;

    // What stands on the invoices of the first merchant; the second one has to set it.
    private static readonly (string Name, string Value)[] Seller =
    [
        (KnownSettings.CompanyName.Name, "Acme S.r.l."), (KnownSettings.CompanyVatNumber.Name, "IT01234567897"),
        (KnownSettings.CompanyAddress.Name, "Via Roma 1"), (KnownSettings.CompanyPostcode.Name, "10121"),
        (KnownSettings.CompanyCity.Name, "Torino"), (KnownSettings.CompanyProvince.Name, "TO"),
    ];

    public async Task RunAsync(DbConnection connection, CancellationToken ct)
    {
        if (await connection.ExecuteScalarAsync<long>(
            new CommandDefinition("SELECT COUNT(*) FROM tenants", cancellationToken: ct)) > 0)
        {
            return;
        }

        await using var transaction = await connection.BeginTransactionAsync(ct);
        var now = time.GetUtcNow().UtcDateTime;

        foreach (var (slug, name, firstId) in Tenants)
        {
            await RunAsync(
                "INSERT INTO tenants (slug, name, created_at) VALUES (@slug, @name, @now)", new { slug, name, now });
            await RunAsync(Lookups, new { id = firstId, tenant = slug });
        }
        foreach (var (index, tenant) in Tenants.Index())
        {
            await RunAsync(
                "INSERT INTO shops (id, tenant_id, name, base_url, api_key) "
                + "VALUES (@id, @Slug, @name, 'http://prestashop', @key)",
                new
                {
                    id = index + 1,
                    tenant.Slug,
                    name = $"{tenant.Name} shop",
                    key = secrets.Protect(ShopKey, ShopSecrets.Purpose(new Tenant(tenant.Slug)))
                });
        }
        if (configuration[AccountKey] is { Length: > 0 } accountKey)
        {
            var slug = Tenants[0].Slug;
            foreach (var (name, value) in Seller)
            {
                await RunAsync(
                    "INSERT INTO settings (tenant_id, name, value, changed_at) VALUES (@slug, @name, @value, @now)",
                    new { slug, name, value, now });
            }
            var setting = KnownSettings.FatturaPaApiKey.Name;
            var secret = secrets.Protect(accountKey, TenantSettings.Purpose(new Tenant(slug), setting));
            await RunAsync(
                "INSERT INTO settings (tenant_id, name, secret_value, changed_at) "
                + "VALUES (@slug, @setting, @secret, @now)",
                new { slug, setting, secret, now });
        }
        var hasher = new PasswordHasher<string>();
        foreach (var (tenant, username, role) in Users)
        {
            await RunAsync(
                "INSERT INTO users (tenant_id, username, password_hash, role, created_at) "
                + "VALUES (@tenant, @username, @hash, @role, @now)",
                new { tenant, username, role, now, hash = hasher.HashPassword(username, Password) });
        }
        await transaction.CommitAsync(ct);

        Task RunAsync(string sql, object parameters) =>
            connection.ExecuteAsync(new CommandDefinition(sql, parameters, transaction, cancellationToken: ct));
    }
}
