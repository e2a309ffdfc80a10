using Dapper;
using FluentValidation;
using Microsoft.AspNetCore.Http.HttpResults;

namespace ECommerce.Features.Products;

/// <summary>What a client says about a product: all of it, when it creates one and when it changes one.</summary>
public sealed record ProductDraft(
    string Name, string? Reference, string? Ean13, decimal? Price, decimal? VatRate, decimal WholesalePrice, decimal Weight, int Quantity,
    bool? Active, int? CategoryId, int? BrandId, string? DescriptionShort);

internal sealed class ProductDraftValidator : AbstractValidator<ProductDraft>
{
    public ProductDraftValidator()
    {
        RuleFor(product => product.Name).NotEmpty().MaximumLength(255);
        RuleFor(product => product.Reference).MaximumLength(64);
        RuleFor(product => product.Ean13).Matches("^[0-9]{8,13}$");
        RuleFor(product => product.Price).NotNull().Amount();
        RuleFor(product => product.VatRate).InclusiveBetween(0, 100);
        RuleFor(product => product.WholesalePrice).Amount();
        RuleFor(product => product.Weight).InclusiveBetween(0, 1_000_000);
        RuleFor(product => product.Quantity).InclusiveBetween(-1_000_000, 10_000_000);
        RuleFor(product => product.DescriptionShort).MaximumLength(4000);
    }
}

internal static class ProductDraftSql
{
    public static DynamicParameters Row(this ProductDraft product, Tenant tenant, TimeProvider time)
    {
        var row = new DynamicParameters(new { tenant, now = time.GetUtcNow().UtcDateTime });
        row.AddDynamicParams(product with { VatRate = product.VatRate ?? ItalianVat.OrdinaryRate, Active = product.Active ?? true });
        return row;
    }

    public static async Task<ProblemHttpResult?> UnknownReferencesAsync(
        this ProductDraft product, WriteTransaction tx, Tenant tenant, CancellationToken ct)
    {
        if (product.CategoryId is { } category && !await tx.ExistsAsync("categories", tenant, category, ct))
            return Problems.Invalid("category_id", "There is no such category.");
        if (product.BrandId is { } brand && !await tx.ExistsAsync("brands", tenant, brand, ct))
            return Problems.Invalid("brand_id", "There is no such brand.");
        return null;
    }
}
