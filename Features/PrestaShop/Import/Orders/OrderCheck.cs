using System.Globalization;
using ECommerce.Features.PrestaShop.Webservice;

namespace ECommerce.Features.PrestaShop.Import.Orders;

/// <summary>
/// Whether the amounts of an order add up by its own rule of rounding. What does not is imported all the same: the
/// shop's amounts are what its customer was charged.
/// </summary>
internal static class OrderCheck
{
    // Where only the total is rounded, each of its parts is shown rounded by itself: four halves of the last digit.
    private const int RoundedParts = 2;

    public static void Run(
        ShopRow order, IReadOnlyList<ImportedLine> lines, OrderRounding rounding, OrderWarnings warnings)
    {
        Lines("gross", lines.Select(line => line.Gross), Money("total_products_wt"));
        Lines("net", lines.Select(line => line.Net), Money("total_products"));
        Total("gross", "total_products_wt", "tax_incl");
        Total("net", "total_products", "tax_excl");

        decimal Money(string field) => order.Money(field, rounding.Digits);

        void Lines(string kind, IEnumerable<decimal> amounts, decimal stated)
        {
            var sum = rounding.Sum(amounts);
            if (sum != stated)
                Add("lines_do_not_add_up", $"{kind}, the lines make", sum, stated);
        }

        void Total(string kind, string products, string tax)
        {
            var sum = Money(products) - Money($"total_discounts_{tax}")
                + Money($"total_shipping_{tax}") + Money($"total_wrapping_{tax}");
            var stated = Money($"total_paid_{tax}");
            // A voucher may be worth more than the order; nothing is paid back for it.
            var difference = Math.Abs(Math.Max(sum, 0) - stated);
            if (difference > (rounding.Type == OrderRounding.Total ? RoundedParts * LastDigit(rounding.Digits) : 0))
                Add("total_does_not_add_up", $"{kind}, the parts make", sum, stated);
        }

        void Add(string code, string text, decimal sum, decimal stated) =>
            warnings.Add(code, $"{text} {Text(sum)}, the shop has {Text(stated)}.");
    }

    private static decimal LastDigit(int digits) => digits == 3 ? 0.001m : 0.01m;

    private static string Text(decimal amount) => amount.ToString("0.00####", CultureInfo.InvariantCulture);
}
