using FluentValidation;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace ECommerce.Features.Shops;

public sealed record NewShop(string Name, string BaseUrl, string ApiKey, bool? IsActive);

internal sealed class NewShopValidator : AbstractValidator<NewShop>
{
    public NewShopValidator()
    {
        RuleFor(shop => shop.Name).NotEmpty().MaximumLength(128);
        RuleFor(shop => shop.BaseUrl).NotEmpty().MaximumLength(512);
        RuleFor(shop => shop.ApiKey).NotEmpty().MaximumLength(255).Matches("^[!-~]*$")
            .WithMessage("An API key has printable ASCII characters only.");
    }
}

internal static class CreateShop
{
    private const string Sql = """
        INSERT INTO shops (tenant_id, name, base_url, api_key, is_active)
        VALUES (@tenant, @Name, @baseUrl, @apiKey, @isActive)
        """;

    public static async Task<Results<Created<ShopSettings>, ProblemHttpResult>> Handle(
        NewShop shop, Tenant tenant, ShopUrls urls, SecretProtector secrets, WriteTransactions transactions,
        HttpContext http, CancellationToken ct)
    {
        if (await urls.RefusalAsync(shop.BaseUrl, ct) is { } refusal)
            return Problems.Invalid("base_url", refusal);

        await using var tx = await transactions.BeginAsync(ct);
        var id = await tx.InsertAsync(
            Sql,
            new
            {
                tenant,
                shop.Name,
                baseUrl = shop.BaseUrl.TrimEnd('/'),
                apiKey = secrets.Protect(shop.ApiKey, ShopSecrets.Purpose(tenant)),
                isActive = shop.IsActive ?? true,
            }, ct);
        tx.Invalidate(ShopsCaching.Changed(tenant));

        var created = await GetShop.QueryAsync(tx, tenant, id, ct);
        return await tx.CommitCreatedAsync(http, $"/api/v1/shops/{id}", created!, ct);
    }
}
