using ECommerce.Features.Data.Entities;
using FluentValidation;
using Microsoft.AspNetCore.Http.HttpResults;

namespace ECommerce.Features.Products;

/// <summary>All fields of a product that a client writes, for creating and for replacing one.</summary>
public sealed record ProductDraft(
    string Name, string? Reference, string? Ean13, decimal? Price, decimal? VatRate, decimal WholesalePrice,
    decimal Weight, int Quantity,
    bool? Active, int? CategoryId, int? BrandId, string? DescriptionShort);

internal sealed class ProductDraftValidator : AbstractValidator<ProductDraft>
{
    public ProductDraftValidator()
    {
        RuleFor(product => product.Name).NotEmpty().MaximumLength(255).PlainText();
        RuleFor(product => product.Reference).MaximumLength(64).PlainText();
        RuleFor(product => product.Ean13).Matches(@"^[0-9]{8,14}\z");
        RuleFor(product => product.Price).NotNull().UnitPrice();
        RuleFor(product => product.VatRate).InclusiveBetween(0, 100);
        RuleFor(product => product.WholesalePrice).UnitPrice();
        RuleFor(product => product.Weight).InclusiveBetween(0, 1_000_000);
        RuleFor(product => product.Quantity).InclusiveBetween(-1_000_000, 10_000_000);
        RuleFor(product => product.DescriptionShort).MaximumLength(4000).Lines();
    }
}

internal static class ProductDraftRow
{
    public static void WriteTo(this ProductDraft draft, Product product, DateTime now)
    {
        product.Name = draft.Name;
        product.Reference = draft.Reference;
        product.Ean13 = draft.Ean13;
        product.Price = draft.Price!.Value;
        product.VatRate = Percentage.Round(draft.VatRate ?? ItalianVat.OrdinaryRate);
        product.WholesalePrice = draft.WholesalePrice;
        product.Weight = draft.Weight;
        product.Quantity = draft.Quantity;
        product.Active = draft.Active ?? true;
        product.CategoryId = draft.CategoryId;
        product.BrandId = draft.BrandId;
        product.DescriptionShort = draft.DescriptionShort;
        product.DateUpd = now;
    }

    public static async Task<ProblemHttpResult?> UnknownReferencesAsync(
        this ProductDraft draft, ECommerceDbContext db, CancellationToken ct)
    {
        if (draft.CategoryId is { } category
            && !await db.Categories.Where(c => c.Id == category).ExistsForShareAsync(ct))
        {
            return Problems.Invalid("category_id", "There is no such category.");
        }

        if (draft.BrandId is { } brand && !await db.Brands.Where(b => b.Id == brand).ExistsForShareAsync(ct))
            return Problems.Invalid("brand_id", "There is no such brand.");
        return null;
    }
}
