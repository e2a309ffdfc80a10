namespace ECommerce.Features.Sales;

/// <summary>
/// Percentages are stored with three digits, and rounded to them before anything is computed: amounts follow from what
/// is stored.
/// </summary>
internal static class Percentage
{
    public static decimal Round(decimal percentage) => Math.Round(percentage, 3, MidpointRounding.AwayFromZero);
}
