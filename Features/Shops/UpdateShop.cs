using ECommerce.Features.Data.Entities;
using FluentValidation;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace ECommerce.Features.Shops;

/// <summary>All of a shop's settings; its API key stays as it is unless a new one is given.</summary>
public sealed record ShopChange(
    string Name, string BaseUrl, string? ApiKey, bool? IsActive, string? AuthMode, string? TimeZone,
    int? MaxExecutionSeconds = null, int? SyncIntervalSeconds = null);

internal sealed class ShopChangeValidator : AbstractValidator<ShopChange>
{
    public ShopChangeValidator()
    {
        RuleFor(shop => shop.Name).NotEmpty().MaximumLength(128).PlainText();
        RuleFor(shop => shop.BaseUrl).NotEmpty().MaximumLength(512).NoSpaces();
        RuleFor(shop => shop.ApiKey).MinimumLength(1).MaximumLength(255).Matches(@"^[!-~]*\z")
            .WithMessage("An API key has printable ASCII characters only.");
        RuleFor(shop => shop.AuthMode).ShopAuthMode();
        RuleFor(shop => shop.TimeZone).TimeZone();
        RuleFor(shop => shop.SyncIntervalSeconds).SyncInterval();
        RuleFor(shop => shop.MaxExecutionSeconds).ExecutionSeconds();
    }
}

internal static class UpdateShop
{
    public static async Task<Results<Ok<ShopSettings>, NotFound, ProblemHttpResult>> Handle(
        int id, ShopChange shop, IfMatch ifMatch, Tenant tenant, ShopUrls urls, SecretProtector secrets,
        WriteTransactions transactions, CancellationToken ct)
    {
        if (await urls.RefusalAsync(shop.BaseUrl, ct) is { } refusal)
            return Problems.Invalid("base_url", refusal);

        await using var tx = await transactions.BeginAsync(tenant, ct);
        if (await tx.Db.Shops.Where(s => s.Id == id).ForUpdate().SingleOrDefaultAsync(ct) is not { } row)
            return TypedResults.NotFound();
        if (!ifMatch.Allows(row.RowVersion))
            return Problems.PreconditionFailed();

        // The key was given for the old address: a user who may only change the address must not learn it by pointing
        // the shop elsewhere.
        var baseUrl = shop.BaseUrl.TrimEnd('/');
        if (shop.ApiKey is null && !string.Equals(baseUrl, row.BaseUrl, StringComparison.OrdinalIgnoreCase))
            return Problems.Invalid("api_key", "A new address needs the API key to be given again.");

        row.Name = shop.Name;
        row.BaseUrl = baseUrl;
        row.IsActive = shop.IsActive ?? true;
        row.AuthMode = shop.AuthMode ?? ShopAuthModes.Basic;
        row.TimeZone = shop.TimeZone;
        // The time that was computed from another interval may be a day away.
        if (row.SyncIntervalSeconds != shop.SyncIntervalSeconds)
            row.NextSyncAt = null;
        row.SyncIntervalSeconds = shop.SyncIntervalSeconds;
        row.MaxExecutionSeconds = shop.MaxExecutionSeconds ?? Shop.DefaultMaxExecutionSeconds;
        if (shop.ApiKey is not null)
            row.ApiKey = secrets.Protect(shop.ApiKey, ShopSecrets.Purpose(tenant));
        // Every change of the settings moves the version, also one that sets what they are.
        tx.Db.Entry(row).Property(s => s.Name).IsModified = true;
        await tx.SaveAsync(ct);

        var changed = await GetShop.QueryAsync(tx.Db, id, ct);
        await tx.CommitAsync(ct);
        return TypedResults.Ok(changed!);
    }
}
