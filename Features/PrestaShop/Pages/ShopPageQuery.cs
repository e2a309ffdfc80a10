using Microsoft.AspNetCore.Http;

namespace ECommerce.Features.PrestaShop.Pages;

/// <summary>Which page of a shop's rows.</summary>
public class ShopPageQuery : ReadQuery
{
    private const int MaxPage = 10_000;

    public ShopPageQuery(QueryReader reader)
    {
        ArgumentNullException.ThrowIfNull(reader);
        Page = reader.Number("page", fallback: 1, minimum: 1, maximum: MaxPage);
    }

    public int Page { get; }

    public static ValueTask<ShopPageQuery> BindAsync(HttpContext context) =>
        QueryReader.BindAsync(context, static reader => new ShopPageQuery(reader));

    /// <summary>Adds the filters of the webservice; by default none.</summary>
    internal virtual void AddFilters(Dictionary<string, string> query)
    {
    }
}
