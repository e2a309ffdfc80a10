using System.Data.Common;
using Dapper;

namespace ECommerce.Features.ShopAccess;

/// <summary>Reads address and API key of a shop, from the database every time: API keys are never cached.</summary>
internal sealed class ShopSecrets(DbDataSource source, SecretProtector protector)
{
    private const string Sql = """
        SELECT base_url, api_key, auth_mode, time_zone, origin_time_zone
        FROM shops
        WHERE tenant_id = @tenant AND id = @shopId AND is_active = 1
        """;

    public static ProtectedColumn ApiKeys { get; } =
        new("shops", "api_key", static (tenant, _) => Purpose(tenant));

    public static string Purpose(Tenant tenant) => $"shop-api-key:{tenant}";

    /// <summary>Null when the tenant has no such shop or the shop is inactive.</summary>
    public async Task<ShopAccess?> FindAsync(Tenant tenant, int shopId, CancellationToken ct)
    {
        await using var connection = await source.OpenConnectionAsync(ct);
        var row = await connection.QuerySingleOrDefaultAsync<Row>(
            new CommandDefinition(Sql, new { tenant, shopId }, cancellationToken: ct));
        return row is null
            ? null
            : new ShopAccess(new Uri(row.BaseUrl), protector.Unprotect(row.ApiKey, Purpose(tenant)))
            {
                AuthMode = ShopAuthModes.Parse(row.AuthMode),
                TimeZone = row.TimeZone,
                OriginTimeZone = row.OriginTimeZone,
            };
    }

    private sealed record Row(string BaseUrl, byte[] ApiKey, string AuthMode, string? TimeZone, string? OriginTimeZone);
}

/// <summary>A class and not a record, so that no log line prints the key by accident.</summary>
internal sealed class ShopAccess(Uri baseUrl, string apiKey)
{
    public Uri BaseUrl { get; } = baseUrl;

    public string ApiKey { get; } = apiKey;

    /// <summary>Basic unless the shop is set to the query parameter.</summary>
    public ShopAuthMode AuthMode { get; init; }

    /// <summary>The shop's time zone as a setting here; null: the shop's own configuration names it.</summary>
    public string? TimeZone { get; init; }

    /// <summary>The zone that the shop's configuration named in the last sync.</summary>
    public string? OriginTimeZone { get; init; }
}
