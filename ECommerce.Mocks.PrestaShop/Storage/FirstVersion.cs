namespace ECommerce.Mocks.PrestaShop.Storage;

/// <summary>The resources as version 1.6 has them: without the fields that came later.</summary>
internal static class FirstVersion
{
    private static readonly Dictionary<string, string[]> Later = new()
    {
        ["orders"] = ["note", "product_isbn"],
        ["order_details"] = ["product_isbn", "product_mpn", "total_refunded_tax_excl", "total_refunded_tax_incl"],
        ["products"] =
        [
            "isbn", "mpn", "low_stock_threshold", "low_stock_alert", "product_type", "additional_delivery_times",
            "delivery_in_stock", "delivery_out_stock", "state",
        ],
        ["combinations"] = ["isbn", "mpn", "low_stock_threshold", "low_stock_alert"],
        ["customers"] = ["reset_password_token", "reset_password_validity"],
        ["languages"] = ["locale"],
        ["stock_availables"] = ["location"],
        ["currencies"] = ["numeric_iso_code", "precision", "unofficial", "modified"],
    };

    public static Table Of(Table table)
    {
        var schema = table.Schema;
        if (!Later.TryGetValue(schema.Name, out var later))
            return table;
        int[] kept = [.. Enumerable.Range(0, schema.Fields.Count).Where(i => !later.Contains(schema.Fields[i].Name))];
        var reduced = new ResourceSchema(
            schema.Name, schema.Item,
            // The state of an order can be read and not asked for.
            [.. kept.Select(i => schema.Fields[i] with
            {
                Computed = schema.Fields[i].Computed || schema.Fields[i].Name == "current_state",
            })],
            [.. schema.Associations], schema.ListName);
        return new Table(reduced, table.Snapshot.Select(row => new Row(
            reduced, row.Id, [.. kept.Select(i => row[i])],
            [.. Enumerable.Range(0, schema.Associations.Count).Select(row.Association)])));
    }
}
