using System.Linq.Expressions;
using ECommerce.Caching.Http;
using ECommerce.Features.Data.Entities;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Caching.Hybrid;

namespace ECommerce.Features.Customers;

internal sealed record CustomerDetails(
    long Id, int? ShopId, long? OriginId, long RowVersion, string Firstname, string Lastname, string Email,
    string? Company, string? Website,
    bool Newsletter, bool Optin, bool IsGuest, bool Active, bool GoneInShop, string? CustomerGroup, int? LangId,
    string? Notes,
    DateTime DateAdd, DateTime DateUpd) : IVersioned
{
    /// <summary>When the personal data were erased; null: they were not.</summary>
    public DateTime? ErasedAt { get; init; }
}

internal static class GetCustomer
{
    internal static readonly Expression<Func<Customer, CustomerDetails>> Details = c => new CustomerDetails(
        c.Id, c.ShopId, c.OriginId, c.RowVersion, c.Firstname, c.Lastname, c.Email, c.Company, c.Website,
        c.Newsletter, c.Optin, c.IsGuest, c.Active, c.GoneInShop, c.CustomerGroup, c.LangId, c.Notes, c.DateAdd,
        c.DateUpd)
    {
        ErasedAt = c.ErasedAt,
    };

    private static readonly Func<ECommerceDbContext, long, CancellationToken, Task<CustomerDetails?>> ById =
        CompiledReads.ById(Details);

    public static async Task<Results<Ok<CustomerDetails>, NotFound>> Handle(
        long id, Tenant tenant, HybridCache cache, TenantDbContexts contexts, CancellationToken ct)
    {
        var customer = await cache.GetOrCreateAsync(
            CustomersCaching.Customer.Key(tenant, id), (contexts, tenant, id),
            static async ValueTask<CustomerDetails?> (state, ct) =>
            {
                await using var db = state.contexts.ForReading(state.tenant);
                return await QueryAsync(db, state.id, ct);
            },
            CustomersCaching.Customer.Options, cancellationToken: ct);

        return customer is null ? TypedResults.NotFound() : TypedResults.Ok(customer);
    }

    public static Task<CustomerDetails?> QueryAsync(ECommerceDbContext db, long id, CancellationToken ct) =>
        ById(db, id, ct);
}
