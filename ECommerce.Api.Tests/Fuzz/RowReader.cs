using System.Text.Json.Nodes;

namespace ECommerce.Api.Tests.Fuzz;

/// <summary>Reads rows again that a write of another row has changed too.</summary>
internal sealed class RowReader(HttpClient reader, KnownRows rows)
{
    /// <summary>
    /// Orders keep the address that they were made with, in another row; quotes show the changed one.
    /// </summary>
    public async Task ReadAddressedAsync(long address)
    {
        foreach (var collection in (string[])["orders", "quotes"])
        {
            foreach (var member in (string[])["address_delivery_id", "address_invoice_id"])
                await ReadAsync(collection, rows.Of(collection, member, address));
        }
    }

    /// <summary>Processing an order takes the stock of its products.</summary>
    public Task ReadProductsAsync(JsonNode order) => ReadAsync(
        "products",
        order["lines"]!.AsArray().Select(line => (long?)line!["product_id"]).OfType<long>()
            .Where(id => rows.Find("products", id) is not null));

    /// <summary>Erasing a customer changes its orders, and others show the new name of a lookup.</summary>
    public async Task ReadAllAsync()
    {
        foreach (var (collection, id, _) in rows.All.Where(row => row.Collection != "sync").ToArray())
            await ReadAsync(collection, id);
    }

    public async Task ReadAsync(string collection, params IEnumerable<long> ids)
    {
        foreach (var id in ids.ToArray())
            rows.Set(collection, await reader.GetJsonAsync($"/api/v1/{collection}/{id}"));
    }
}
