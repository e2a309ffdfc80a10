using ECommerce.Features.Data.Entities;
using ECommerce.Features.Lookups.Drafts;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace ECommerce.Features.Lookups;

/// <summary>How rows of a lookup are written, and what may use them.</summary>
internal sealed record LookupWrite<TEntity, TRow, TDraft>(
    Lookup<TEntity, TRow> Lookup, Action<TDraft, TEntity> Apply, params IReadOnlyList<LookupUse> Uses)
    where TEntity : Entity<int>, new()
    where TRow : class, ILookupRow
{
    /// <summary>The fault of a draft that only the database knows; by default none.</summary>
    public Func<TDraft, ECommerceDbContext, int, CancellationToken, Task<ProblemHttpResult?>> FaultAsync
    {
        get;
        init;
    } =
        static (_, _, _, _) => Task.FromResult<ProblemHttpResult?>(null);

    /// <summary>Why a row of the program itself cannot be deleted; by default it can.</summary>
    public Func<TEntity, string?> Needed { get; init; } = static _ => null;

    public Task<TRow> QueryAsync(ECommerceDbContext db, int id, CancellationToken ct) =>
        db.Present<TEntity>().Where(row => row.Id == id).Select(Lookup.Shown).SingleAsync(ct);

    /// <summary>What uses a row, as a sentence; null: nothing.</summary>
    public async Task<string?> UserOfAsync(ECommerceDbContext db, int id, CancellationToken ct)
    {
        foreach (var use in Uses)
        {
            if (await use.FirstAsync(db, id, ct) is { } user)
                return $"{user} uses it.";
        }
        return null;
    }
}

/// <summary>A table whose rows may refer to a row of a lookup.</summary>
internal sealed record LookupUse(Func<ECommerceDbContext, int, CancellationToken, Task<string?>> FirstAsync)
{
    /// <param name="what">What a row is, as <c>Order</c>.</param>
    /// <param name="ids">The ids of the rows that refer to a row of the lookup.</param>
    public static LookupUse By(string what, Func<ECommerceDbContext, int, IQueryable<long>> ids) =>
        new(async (db, id, ct) =>
            await ids(db, id).Select(static user => (long?)user).FirstOrDefaultAsync(ct) is { } first
                ? $"{what} {first}"
                : null);
}

internal static class LookupWrites
{
    // New orders begin in it.
    private const int WaitingState = 1;

    public static readonly LookupWrite<OrderState, OrderStateDetails, OrderStateDraft> OrderStates = new(
        LookupTables.OrderStates, static (draft, row) => draft.WriteTo(row),
        LookupUse.By("Order", static (db, id) => db.Orders.Where(o => o.StateId == id).Select(o => o.Id)),
        new LookupUse(SettingUse.FirstAsync))
    {
        Needed = static row => row.Number == WaitingState ? "New orders begin in this state." : null,
    };

    public static readonly LookupWrite<Category, CategoryDetails, CategoryDraft> Categories = new(
        LookupTables.Categories, static (draft, row) => draft.WriteTo(row),
        LookupUse.By("Product", static (db, id) => db.Products.Where(p => p.CategoryId == id).Select(p => p.Id)),
        LookupUse.By("Category", static (db, id) => db.Categories.Where(c => c.ParentId == id).Select(c => (long)c.Id)))
    {
        FaultAsync = CategoryDraft.FaultAsync,
    };

    public static readonly LookupWrite<Brand, BrandDetails, BrandDraft> Brands = new(
        LookupTables.Brands, static (draft, row) => draft.WriteTo(row),
        LookupUse.By("Product", static (db, id) => db.Products.Where(p => p.BrandId == id).Select(p => p.Id)));

    public static readonly LookupWrite<Carrier, CarrierDetails, CarrierDraft> Carriers = new(
        LookupTables.Carriers, static (draft, row) => draft.WriteTo(row),
        LookupUse.By("Order", static (db, id) => db.Orders.Where(o => o.CarrierId == id).Select(o => o.Id)));

    public static readonly LookupWrite<Country, CountryDetails, CountryDraft> Countries = new(
        LookupTables.Countries, static (draft, row) => draft.WriteTo(row),
        LookupUse.By("Address", static (db, id) => db.Addresses.Where(a => a.CountryId == id).Select(a => a.Id)));

    public static readonly LookupWrite<Lang, LangDetails, LangDraft> Langs = new(
        LookupTables.Langs, static (draft, row) => draft.WriteTo(row),
        LookupUse.By("Customer", static (db, id) => db.Customers.Where(c => c.LangId == id).Select(c => c.Id)),
        LookupUse.By("Order", static (db, id) => db.Orders.Where(o => o.LangId == id).Select(o => o.Id)));
}
