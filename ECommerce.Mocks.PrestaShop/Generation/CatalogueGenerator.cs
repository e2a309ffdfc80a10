using ECommerce.Mocks.PrestaShop.Storage;

namespace ECommerce.Mocks.PrestaShop.Generation;

/// <summary>
/// Products, their stock, categories and manufacturers. Some products were deleted meanwhile: orders still name them.
/// </summary>
internal sealed class CatalogueGenerator(ShopOptions options, Texts texts)
{
    private const int FirstCategory = 3;

    private readonly CombinationGenerator _combinations = new(options);

    /// <summary>Every 21st id was a product once.</summary>
    private static bool WasDeleted(int id) => id % 21 == 20;

    /// <summary>All that was ever sold, deleted products too.</summary>
    public IReadOnlyList<CatalogueItem> Items { get; } =
        [.. AllIds(options.Products).Select(id => Item(options.Seed, id))];

    public IEnumerable<Table> Generate()
    {
        var existing = Items.Where(item => !WasDeleted(item.Id)).ToArray();
        return
        [
            new(Schemas.Known["products"], existing.Select(Product)),
            new(Schemas.Known["combinations"], existing.SelectMany(CombinationGenerator.Of)),
            new(
                Schemas.Known["stock_availables"],
                existing.Select(Stock).Concat(existing.SelectMany(_combinations.StockOf))),
            new(Schemas.Known["categories"], Categories(existing)),
            new(Schemas.Known["manufacturers"], Italian.Manufacturers.Select((name, i) => Manufacturer(i + 1, name))),
        ];
    }

    private static IEnumerable<int> AllIds(int count)
    {
        for (var id = 1; count > 0; id++)
        {
            yield return id;
            if (!WasDeleted(id))
                count--;
        }
    }

    private static CatalogueItem Item(int seed, int id)
    {
        var rng = Rng.For(seed, "products", id);
        var noun = rng.Pick(Italian.Nouns);
        var adjective = rng.Pick(Italian.Adjectives);
        // The merchant thinks in gross prices of whole tens of cents less one; the shop keeps the net one.
        var gross = (rng.Between(noun.FromCents / 10, noun.ToCents / 10) * 10 + 9) / 100m;
        return new(
            id,
            $"{noun.Italian} {adjective.Italian} {id}",
            $"{noun.English}, {adjective.English} {id}",
            $"{Query.SqlText.Fold(noun.Italian)[..3]}-{id:00000}",
            Ean13(id),
            Math.Round(gross / (1 + noun.VatRate / 100m), 6, MidpointRounding.AwayFromZero),
            noun.VatRate,
            noun.Category);
    }

    private Row Product(CatalogueItem item)
    {
        var rng = Rng.For(options.Seed, "products.more", item.Id);
        var manufacturer = rng.Between(0, Italian.Manufacturers.Count);
        var added = ShopGenerator.BaseDate - rng.Time(300, 800);
        var category = FirstCategory + item.Category;
        return new RowBuilder(Schemas.Known["products"], item.Id)
            .Set("id_manufacturer", manufacturer + 1).Set("manufacturer_name", Italian.Manufacturers[manufacturer])
            .Set("id_category_default", category).Set("id_default_image", item.Id).Set("id_tax_rules_group", item.TaxId)
            .SetNull("new").SetNull("low_stock_threshold")
            .Set("type", "simple")
            .Set("product_type", CombinationGenerator.HasSome(item.Id) ? "combinations" : "standard")
            .Set("id_shop_default", 1).Set("state", true)
            .Set("reference", item.Reference).Set("ean13", item.Ean13).Set("condition", "new").Set("visibility", "both")
            .Set("weight", rng.Between(50, 9000) / 1000m).Set("width", 0m).Set("height", 0m).Set("depth", 0m)
            .Set("price", item.NetPrice)
            .Set("wholesale_price", Math.Round(item.NetPrice * 0.55m, 6, MidpointRounding.AwayFromZero))
            .Set("ecotax", 0m).Set("unit_price", 0m).Set("unit_price_ratio", 0m).Set("additional_shipping_cost", 0m)
            .Set("minimal_quantity", 1).Set("additional_delivery_times", "1").Set("pack_stock_type", 3)
            .Set("active", !rng.Chance(5)).Set("available_for_order", true).Set("show_price", true).Set("indexed", true)
            .Set("redirect_type", "404").Set("available_date", "0000-00-00")
            .Set("date_add", added).Set("date_upd", added + rng.Time(1, 290))
            .Set("name", texts.Of(item.Name, item.EnglishName))
            .Set("link_rewrite", texts.Of(Texts.Slug(item.Name), Texts.Slug(item.EnglishName)))
            .Set(
                "description", texts.Of(
                    $"<p>{item.Name}: qualità <b>artigianale</b> dell'officina.</p>", $"<p>{item.EnglishName}.</p>"))
            .Set("description_short", texts.Of($"<p>{item.Name}</p>", $"<p>{item.EnglishName}</p>"))
            .Set("meta_description", texts.Empty()).Set("meta_keywords", texts.Empty()).Set("meta_title", texts.Empty())
            .Set("available_now", texts.Empty()).Set("available_later", texts.Empty())
            .Set("delivery_in_stock", texts.Empty()).Set("delivery_out_stock", texts.Empty())
            .Associate("categories", [["2"], [ShopFormat.Id(category)]])
            .Associate("images", [[ShopFormat.Id(item.Id)]])
            .Associate(
                "combinations", [.. CombinationGenerator.Of(item).Select(row => new[] { ShopFormat.Id(row.Id) })])
            .Associate("stock_availables", [[ShopFormat.Id(item.Id), "0"]])
            .Build();
    }

    private Row Stock(CatalogueItem item)
    {
        var rng = Rng.For(options.Seed, "stock", item.Id);
        return new RowBuilder(Schemas.Known["stock_availables"], item.Id)
            .Set("id_product", item.Id).Set("id_shop", 1).Set(
                "quantity", CombinationGenerator.HasSome(item.Id)
                    ? _combinations.StockOf(item).Sum(row => ShopFormat.Int(row.Text("quantity")))
                    : rng.Chance(8) ? 0 : rng.Between(1, 400))
            .Set("out_of_stock", 2)
            .Build();
    }

    private IEnumerable<Row> Categories(CatalogueItem[] items)
    {
        yield return Category(1, 0, 0, items.Length, ("Radice", "Root"));
        yield return Category(2, 1, 1, items.Length, ("Home", "Home"));
        for (var i = 0; i < Italian.Categories.Count; i++)
        {
            yield return Category(
                FirstCategory + i, 2, 2, items.Count(item => item.Category == i), Italian.Categories[i]);
        }
    }

    private Row Category(int id, int parent, int level, int products, (string Italian, string English) name) =>
        new RowBuilder(Schemas.Known["categories"], id)
            .Set("id_parent", parent).Set("level_depth", level).Set("nb_products_recursive", products)
            .Set("active", true)
            .Set("id_shop_default", 1).Set("is_root_category", id == 2).Set("position", id)
            .Set("date_add", ShopGenerator.Opened).Set("date_upd", ShopGenerator.Opened)
            .Set("name", texts.Of(name.Italian, name.English))
            .Set("link_rewrite", texts.Of(Texts.Slug(name.Italian), Texts.Slug(name.English)))
            .Set("description", texts.Empty()).Set("meta_title", texts.Empty()).Set("meta_description", texts.Empty())
            .Set("meta_keywords", texts.Empty())
            .Build();

    private Row Manufacturer(int id, string name) =>
        new RowBuilder(Schemas.Known["manufacturers"], id)
            .Set("active", true).Set("link_rewrite", Texts.Slug(name)).Set("name", name)
            .Set("date_add", ShopGenerator.Opened).Set("date_upd", ShopGenerator.Opened)
            .Set("description", texts.Of($"<p>{name}</p>", $"<p>{name}</p>")).Set("short_description", texts.Empty())
            .Set("meta_title", texts.Empty()).Set("meta_description", texts.Empty()).Set("meta_keywords", texts.Empty())
            .Build();

    private static string Ean13(int id)
    {
        var digits = $"80{id:0000000000}";
        var sum = 0;
        for (var i = 0; i < digits.Length; i++)
            sum += (digits[i] - '0') * (i % 2 == 0 ? 1 : 3);
        return $"{digits}{(10 - sum % 10) % 10}";
    }
}
