namespace ECommerce.Features.PrestaShop.Pages;

/// <summary>Rows of a shop as they are there now, newest first. The shop names no total.</summary>
/// <param name="Items">At most 50 rows; one that cannot be read is left out and named in <paramref name="Rejected"/>.
/// </param>
/// <param name="Page">The number of the page, from 1.</param>
/// <param name="Limit">Rows of a full page.</param>
/// <param name="HasMore">Whether another page follows.</param>
/// <param name="Rejected">Why rows are left out.</param>
internal sealed record ShopPage<T>(
    IReadOnlyList<T> Items, int Page, int Limit, bool HasMore, IReadOnlyList<RejectedShopRow> Rejected) : IShopPage
{
    bool IShopPage.IsEmpty => Page == 1 && Items.Count + Rejected.Count == 0;
}

/// <summary>A page of rows of any kind.</summary>
internal interface IShopPage
{
    /// <summary>Whether it is the first page and has no rows.</summary>
    bool IsEmpty { get; }
}

/// <summary>A row of the shop that cannot be read.</summary>
internal sealed record RejectedShopRow(long? Id, string Message);

/// <summary>Ids are the shop's; amounts are in the currency of the order.</summary>
internal sealed record OrderOfShop(
    long Id, string? Reference, long? IdCustomer, long? CurrentState, string? Payment, long? IdCurrency,
    decimal TotalPaidTaxIncl, decimal TotalPaidTaxExcl, bool Valid, DateTime? DateAdd, DateTime? DateUpd);

/// <summary>No password, secure key or reset token: they are neither asked for nor read.</summary>
internal sealed record CustomerOfShop(
    long Id, string? Firstname, string? Lastname, string? Email, string? Company, bool Active, DateTime? DateAdd,
    DateTime? DateUpd);

/// <summary>The price is net, without the impact of combinations.</summary>
internal sealed record ProductOfShop(
    long Id, string? Reference, string? Name, string? Ean13, decimal Price, bool Active, DateTime? DateAdd,
    DateTime? DateUpd);
