namespace ECommerce.Features.Sales;

/// <summary>Italian VAT, in percent.</summary>
internal static class ItalianVat
{
    /// <summary>The ordinary rate: what has no rate of its own takes it.</summary>
    public const decimal OrdinaryRate = 22m;
}
