using ECommerce.Features.Data.Entities;
using FluentValidation;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace ECommerce.Features.Shops;

/// <summary>
/// A shop to register. AuthMode: basic (default) or query_key. TimeZone: IANA name; default the shop's own.
/// MaxExecutionSeconds: the longest that a request goes on in the shop (1 to 600; default 60).
/// SyncIntervalSeconds: default SYNC_INTERVAL; 0: no scheduled syncs.
/// </summary>
public sealed record NewShop(
    string Name, string BaseUrl, string ApiKey, bool? IsActive, string? AuthMode, string? TimeZone,
    int? MaxExecutionSeconds = null, int? SyncIntervalSeconds = null);

internal sealed class NewShopValidator : AbstractValidator<NewShop>
{
    public NewShopValidator()
    {
        RuleFor(shop => shop.Name).NotEmpty().MaximumLength(128).PlainText();
        RuleFor(shop => shop.BaseUrl).NotEmpty().MaximumLength(512).NoSpaces();
        RuleFor(shop => shop.ApiKey).NotEmpty().MaximumLength(255).Matches(@"^[!-~]*\z")
            .WithMessage("An API key has printable ASCII characters only.");
        RuleFor(shop => shop.AuthMode).ShopAuthMode();
        RuleFor(shop => shop.TimeZone).TimeZone();
        RuleFor(shop => shop.SyncIntervalSeconds).SyncInterval();
        RuleFor(shop => shop.MaxExecutionSeconds).ExecutionSeconds();
    }
}

internal static class CreateShop
{
    public static async Task<Results<Created<ShopSettings>, ProblemHttpResult>> Handle(
        NewShop shop, Tenant tenant, ShopUrls urls, SecretProtector secrets, WriteTransactions transactions,
        HttpContext http, CancellationToken ct)
    {
        if (await urls.RefusalAsync(shop.BaseUrl, ct) is { } refusal)
            return Problems.Invalid("base_url", refusal);

        await using var tx = await transactions.BeginAsync(tenant, ct);
        var row = tx.Db.Add(new Shop
        {
            Name = shop.Name,
            BaseUrl = shop.BaseUrl.TrimEnd('/'),
            ApiKey = secrets.Protect(shop.ApiKey, ShopSecrets.Purpose(tenant)),
            IsActive = shop.IsActive ?? true,
            AuthMode = shop.AuthMode ?? ShopAuthModes.Basic,
            TimeZone = shop.TimeZone,
            SyncIntervalSeconds = shop.SyncIntervalSeconds,
            MaxExecutionSeconds = shop.MaxExecutionSeconds ?? Shop.DefaultMaxExecutionSeconds,
        }).Entity;
        await tx.SaveAsync(ct);

        var created = await GetShop.QueryAsync(tx.Db, row.Id, ct);
        return await tx.CommitCreatedAsync(http, $"/api/v1/shops/{row.Id}", created!, ct);
    }
}
