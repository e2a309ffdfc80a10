using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using ECommerce.Features.Invoices.Parties;
using ECommerce.Mocks.PrestaShop.Generation;

namespace ECommerce.Api.Tests.Mocks;

public class PrestaShopGeneratedShopTests(PrestaShopMock shop) : IClassFixture<PrestaShopMock>
{
    private static readonly string[] Tables =
        ["orders", "order_details", "order_histories", "customers", "addresses", "products", "stock_availables"];

    [Fact]
    public async Task The_same_seed_gives_the_same_shop_on_every_machine()
    {
        await using var again = new PrestaShopMock();
        await using var other = new PrestaShopMock(("seed", "2"));

        var print = await FingerprintAsync(shop);

        Assert.Equal(print, await FingerprintAsync(again));
        Assert.NotEqual(print, await FingerprintAsync(other));
        // Written down, so that another runtime or processor cannot change it unseen.
        Assert.Equal("199bd0c181610037", print);
    }

    [Fact]
    public async Task Another_size_of_one_table_leaves_the_others_as_they_are()
    {
        await using var fewer = new PrestaShopMock(("orders", "10"));

        foreach (var table in new[] { "customers", "addresses", "products", "stock_availables" })
        {
            var (all, same) = (await shop.ListAsync(table), await fewer.ListAsync(table));
            Assert.Equal(all.Select(row => row.ToJsonString()), same.Select(row => row.ToJsonString()));
        }
    }

    [Fact]
    public async Task Most_consumers_have_a_tax_code_and_companies_a_VAT_number()
    {
        Assert.Equal("RSSMRA80A01H501U", TaxCode.Of("Mario", "Rossi", isWoman: false, new(1980, 1, 1), "H501"));
        // Of four consonants the second is left out; too few letters are filled.
        Assert.StartsWith(
            "FOXGFR85T50L219", TaxCode.Of("Gianfranca", "Fo", isWoman: true, new(1985, 12, 10), "L219"));

        var addresses = await shop.ListAsync("addresses");

        var companies = addresses.Where(row => (string)row["company"]! != "").ToArray();
        Assert.All(companies, row => Assert.True(ItalianVatNumber.IsValid(((string)row["vat_number"]!)[2..])));
        var consumers = addresses.Except(companies).Select(row => (string)row["dni"]!).ToArray();
        Assert.InRange(consumers.Count(ItalianTaxCode.IsValid), consumers.Length / 2, consumers.Length - 1);
        Assert.All(consumers, code => Assert.True(code.Length == 0 || ItalianTaxCode.IsValid(code), code));
    }

    [Fact]
    public async Task The_sizes_are_the_ones_asked_for()
    {
        var totals = await TotalsAsync(shop);

        Assert.Equal(
            (200, 40, 60, 60),
            ((int)totals["orders"]!, (int)totals["customers"]!, (int)totals["addresses"]!, (int)totals["products"]!));
    }

    [Fact]
    public async Task Every_order_adds_up_to_the_cent_by_its_own_rule()
    {
        await using var large = new PrestaShopMock(("orders", "1000"));
        var lines = (await large.ListAsync("order_details")).ToLookup(line => (string)line["id_order"]!);
        var orders = await large.ListAsync("orders");

        foreach (var order in orders)
        {
            var rows = lines[((int)order["id"]!).ToString(CultureInfo.InvariantCulture)].ToArray();
            Assert.Equal(rows.Length, order["associations"]!["order_rows"]!.AsArray().Count);
            foreach (var suffix in (string[])["tax_incl", "tax_excl"])
            {
                var products = suffix == "tax_incl" ? "total_products_wt" : "total_products";
                var isTotal = (string)order["round_type"]! == "3";
                Assert.All(rows, row => Assert.Equal(Line(order, row, suffix), Money(row, $"total_price_{suffix}")));
                var sum = rows.Sum(row => Money(row, $"total_price_{suffix}"));
                Assert.Equal(isTotal ? Rounded(order, sum) : sum, Money(order, products));
                var paid = Money(order, products) - Money(order, $"total_discounts_{suffix}")
                    + Money(order, $"total_shipping_{suffix}") + Money(order, $"total_wrapping_{suffix}");
                Assert.InRange(Money(order, $"total_paid_{suffix}") - paid, isTotal ? -0.02m : 0, isTotal ? 0.02m : 0);
            }
            Assert.Equal(Money(order, "total_paid"), decimal.Round(Money(order, "total_paid"), 2));
        }
        foreach (var (field, values) in new[] { ("id_currency", 3), ("round_type", 3), ("round_mode", 6) })
            Assert.Equal(values, orders.Select(order => (string)order[field]!).Distinct().Count());
        Assert.Contains(orders, order => Money(order, "total_wrapping") > 0);
        Assert.Contains(orders, order => Money(order, "total_discounts") > 0);
        Assert.NotEmpty(await large.ListAsync("order_slip"));

        static decimal Line(JsonNode order, JsonNode row, string suffix)
        {
            var (unit, quantity) = (Money(row, $"unit_price_{suffix}"), Money(row, "product_quantity"));
            return (string)order["round_type"]! switch
            {
                "1" => Rounded(order, unit) * quantity,
                "2" => Rounded(order, unit * quantity),
                _ => unit * quantity,
            };
        }

        static decimal Rounded(JsonNode order, decimal amount) => (string)order["round_mode"]! switch
        {
            "0" => Math.Round(amount, 2, MidpointRounding.ToPositiveInfinity),
            "1" => Math.Round(amount, 2, MidpointRounding.ToZero),
            "3" => Math.Round(amount - 0.000001m, 2, MidpointRounding.AwayFromZero),
            "4" => Math.Round(amount, 2, MidpointRounding.ToEven),
            "5" => Math.Round(amount + 0.01m, 2, MidpointRounding.ToEven) - 0.01m,
            _ => Math.Round(amount, 2, MidpointRounding.AwayFromZero),
        };
    }

    [Fact]
    public async Task The_last_history_of_an_order_is_its_state_and_its_last_change()
    {
        var histories = (await shop.ListAsync("order_histories")).ToLookup(row => (string)row["id_order"]!);

        foreach (var order in await shop.ListAsync("orders"))
        {
            var own = histories[((int)order["id"]!).ToString(CultureInfo.InvariantCulture)].ToArray();
            Assert.Equal((string)order["current_state"]!, (string)own[^1]["id_order_state"]!);
            Assert.Equal((string)order["date_upd"]!, (string)own[^1]["date_add"]!);
        }
    }

    [Fact]
    public async Task Orders_and_invoices_are_numbered_in_the_order_of_time()
    {
        var orders = await shop.ListAsync("orders");
        var invoices = orders.Where(order => (string)order["invoice_number"]! != "0")
            .OrderBy(order => int.Parse((string)order["invoice_number"]!, CultureInfo.InvariantCulture)).ToArray();

        AssertSorted(orders.Select(order => (string)order["date_add"]!));
        AssertSorted(invoices.Select(order => (string)order["invoice_date"]!));
        Assert.Equal(
            Enumerable.Range(1, invoices.Length),
            invoices.Select(order => int.Parse((string)order["invoice_number"]!, CultureInfo.InvariantCulture)));
    }

    [Fact]
    public async Task The_awkward_things_of_real_shops_are_there()
    {
        await using var large = new PrestaShopMock(("customers", "200"), ("addresses", "300"), ("orders", "1000"));
        var orders = await large.ListAsync("orders");
        var customers = await large.ListAsync("customers");
        var addresses = await large.ListAsync("addresses");
        var products = (await large.ListAsync("products")).Select(row => (int)row["id"]!).ToHashSet();
        var sold = orders.SelectMany(order => order["associations"]!["order_rows"]!.AsArray())
            .Select(row => int.Parse((string)row!["product_id"]!, CultureInfo.InvariantCulture));
        var deleted = addresses.Where(address => (string)address["deleted"]! == "1").Select(Id).ToHashSet();

        Assert.Contains(
            customers, customer => ((string)customer["lastname"]!).Contains('\'', StringComparison.Ordinal));
        Assert.Contains(
            customers, customer => ((string)customer["firstname"]!).Contains('ò', StringComparison.Ordinal));
        Assert.Contains(customers.GroupBy(customer => (string)customer["email"]!), group => group.Count() > 1);
        Assert.Contains(orders, order => deleted.Contains((string)order["id_address_delivery"]!));
        Assert.Contains(orders, order => (string)order["id_address_delivery"]! != (string)order["id_address_invoice"]!);
        Assert.Contains(orders.GroupBy(order => (string)order["reference"]!), group => group.Count() > 1);
        Assert.Contains(sold, product => !products.Contains(product));
        Assert.Contains(await large.ListAsync("carriers"), carrier => (string)carrier["deleted"]! == "1");
    }

    [Fact]
    public async Task Every_reference_of_an_order_leads_somewhere_but_to_a_customer_who_is_gone()
    {
        var customers = (await shop.ListAsync("customers")).Select(Id).ToHashSet();
        var addresses = (await shop.ListAsync("addresses")).ToDictionary(Id);
        var states = (await shop.ListAsync("order_states")).Select(Id).ToHashSet();
        var carriers = (await shop.ListAsync("carriers")).Select(Id).ToHashSet();

        Assert.Equal(13, states.Count);
        Assert.All(await shop.ListAsync("orders"), order =>
        {
            Assert.Contains((string)order["current_state"]!, states);
            Assert.Contains((string)order["id_carrier"]!, carriers);
            if (!customers.Contains((string)order["id_customer"]!))
            {
                Assert.True((string)order["id_customer"]! is "0" or "47");
                return;
            }

            Assert.Equal(
                (string)order["id_customer"]!, (
                    string)addresses[(string)order["id_address_delivery"]!]["id_customer"]!);
            Assert.Equal(
                (string)order["id_customer"]!, (string)addresses[(string)order["id_address_invoice"]!]["id_customer"]!);
        });
    }

    [Theory]
    [InlineData("orders", "0")]
    [InlineData("customers", "5")]
    [InlineData("addresses", "1")]
    [InlineData("products", "1")]
    public async Task The_smallest_shops_can_be_made(string table, string size)
    {
        await using var small = new PrestaShopMock((table, size));

        Assert.Equal(size, (await TotalsAsync(small))[table]!.ToString());
    }

    internal static async Task<JsonNode> TotalsAsync(PrestaShopMock shop)
    {
        using var response = await shop.ControlAsync(HttpMethod.Get, "totals");
        return await PrestaShopMock.JsonAsync(response);
    }

    private static async Task<string> FingerprintAsync(PrestaShopMock shop)
    {
        var text = new StringBuilder();
        foreach (var table in Tables)
        {
            foreach (var row in await shop.ListAsync(table))
                text.Append(row.ToJsonString());
        }

        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())))[..16];
    }

    private static void AssertSorted(IEnumerable<string> values) =>
        Assert.Equal(values.Order(StringComparer.Ordinal), values);

    private static string Id(JsonNode row) => ((int)row["id"]!).ToString(CultureInfo.InvariantCulture);

    private static decimal Money(JsonNode row, string field) =>
        decimal.Parse((string)row[field]!, CultureInfo.InvariantCulture);
}
