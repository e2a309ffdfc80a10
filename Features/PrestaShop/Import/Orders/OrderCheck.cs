using System.Globalization;
using ECommerce.Features.PrestaShop.Webservice;

namespace ECommerce.Features.PrestaShop.Import.Orders;

/// <summary>
/// Whether the amounts of an order add up by its own rule of rounding. What does not is imported all the same: the
/// shop's amounts are what its customer was charged.
/// </summary>
internal static class OrderCheck
{
    // Where only the total is rounded, each of its parts is shown rounded by itself: four halves of a cent at most.
    private const decimal RoundedParts = 0.02m;

    public static void Run(
        ShopRow order, IReadOnlyList<ImportedLine> lines, OrderRounding rounding, OrderWarnings warnings)
    {
        Lines("gross", lines.Select(line => line.Gross), order.Money("total_products_wt"));
        Lines("net", lines.Select(line => line.Net), order.Money("total_products"));
        Total("gross", "total_products_wt", "tax_incl");
        Total("net", "total_products", "tax_excl");

        void Lines(string kind, IEnumerable<decimal> amounts, decimal stated)
        {
            var sum = rounding.Sum(amounts);
            if (sum != stated)
                Add("lines_do_not_add_up", $"{kind}, the lines make", sum, stated);
        }

        void Total(string kind, string products, string tax)
        {
            var sum = order.Money(products) - order.Money($"total_discounts_{tax}")
                + order.Money($"total_shipping_{tax}") + order.Money($"total_wrapping_{tax}");
            var stated = order.Money($"total_paid_{tax}");
            // A voucher may be worth more than the order; nothing is paid back for it.
            var difference = Math.Abs(Math.Max(sum, 0) - stated);
            if (difference > (rounding.Type == OrderRounding.Total ? RoundedParts : 0))
                Add("total_does_not_add_up", $"{kind}, the parts make", sum, stated);
        }

        void Add(string code, string text, decimal sum, decimal stated) =>
            warnings.Add(code, $"{text} {Text(sum)}, the shop has {Text(stated)}.");
    }

    private static string Text(decimal amount) => amount.ToString("0.00####", CultureInfo.InvariantCulture);
}
