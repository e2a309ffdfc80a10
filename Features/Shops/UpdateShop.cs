using FluentValidation;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace ECommerce.Features.Shops;

/// <summary>All settings of a shop; its API key is kept unless a new one is given.</summary>
public sealed record ShopChange(string Name, string BaseUrl, string? ApiKey, bool? IsActive);

internal sealed class ShopChangeValidator : AbstractValidator<ShopChange>
{
    public ShopChangeValidator()
    {
        RuleFor(shop => shop.Name).NotEmpty().MaximumLength(128);
        RuleFor(shop => shop.BaseUrl).NotEmpty().MaximumLength(512);
        RuleFor(shop => shop.ApiKey).MinimumLength(1).MaximumLength(255).Matches("^[!-~]*$")
            .WithMessage("An API key has printable ASCII characters only.");
    }
}

internal static class UpdateShop
{
    private const string Lock =
        "SELECT row_version, base_url FROM shops WHERE tenant_id = @tenant AND id = @id FOR UPDATE";

    private const string Sql = """
        UPDATE shops
        SET name = @Name, base_url = @baseUrl, api_key = COALESCE(@apiKey, api_key), is_active = @isActive, row_version = row_version + 1
        WHERE tenant_id = @tenant AND id = @id
        """;

    public static async Task<Results<Ok<ShopSettings>, NotFound, ProblemHttpResult>> Handle(
        int id, ShopChange shop, IfMatch ifMatch, Tenant tenant, ShopUrls urls, SecretProtector secrets,
        WriteTransactions transactions, CancellationToken ct)
    {
        if (await urls.RefusalAsync(shop.BaseUrl, ct) is { } refusal)
            return Problems.Invalid("base_url", refusal);

        await using var tx = await transactions.BeginAsync(ct);
        if (await tx.SingleOrDefaultAsync<Locked>(Lock, new { tenant, id }, ct) is not { } before)
            return TypedResults.NotFound();
        if (!ifMatch.Allows(before.RowVersion))
            return Problems.PreconditionFailed();

        // The key belongs to the old address: changing only the address must not send the key to another server.
        var baseUrl = shop.BaseUrl.TrimEnd('/');
        if (shop.ApiKey is null && !string.Equals(baseUrl, before.BaseUrl, StringComparison.OrdinalIgnoreCase))
            return Problems.Invalid("api_key", "A new address needs the API key to be given again.");

        var apiKey = shop.ApiKey is null ? null : secrets.Protect(shop.ApiKey, ShopSecrets.Purpose(tenant));
        await tx.ExecuteAsync(
            Sql, new { tenant, id, shop.Name, baseUrl, apiKey, isActive = shop.IsActive ?? true }, ct);
        tx.Invalidate(ShopsCaching.Changed(tenant));

        var changed = await GetShop.QueryAsync(tx, tenant, id, ct);
        await tx.CommitAsync(ct);
        return TypedResults.Ok(changed!);
    }

    private sealed record Locked(long RowVersion, string BaseUrl);
}
