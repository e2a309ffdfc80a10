using ECommerce.Features.Data.Entities;
using FluentValidation;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace ECommerce.Features.Lookups.Drafts;

/// <summary>All fields of a category that a client writes. Active by default.</summary>
public sealed record CategoryDraft(string Name, int? ParentId, bool? Active)
{
    private const int MaxDepth = 50;

    internal void WriteTo(Category category)
    {
        category.Name = Name;
        category.ParentId = ParentId;
        category.Active = Active ?? true;
    }

    /// <summary>The fault of the parent: it is missing, or the category itself is above it.</summary>
    internal static async Task<ProblemHttpResult?> FaultAsync(
        CategoryDraft draft, ECommerceDbContext db, int id, CancellationToken ct)
    {
        var next = draft.ParentId;
        for (var depth = 0; next is { } parent; depth++)
        {
            if (parent == id || depth == MaxDepth)
                return Problems.Invalid("parent_id", "The category would be below itself.");
            // Locked up to the root: of two that are moved below each other one waits, and fails.
            var above = await db.Categories.Where(c => c.Id == parent).ForShare().Select(c => new { c.ParentId })
                .SingleOrDefaultAsync(ct);
            if (above is null && depth == 0)
                return Problems.Invalid("parent_id", "There is no such category.");
            next = above?.ParentId;
        }
        return null;
    }
}

internal sealed class CategoryDraftValidator : AbstractValidator<CategoryDraft>
{
    public CategoryDraftValidator() =>
        RuleFor(category => category.Name).NotEmpty().MaximumLength(128).PlainText();
}
