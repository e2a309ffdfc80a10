using ECommerce.Features.Invoices.Parties;
using ECommerce.Features.Invoices.Requests;

namespace ECommerce.Features.Invoices.Pricing;

/// <summary>How the lines of one order are taxed, by seller, buyer and settings.</summary>
internal sealed class Taxations(InvoiceSettings settings, BuyerIdentity buyer, string deliveryCountry)
{
    private const string FlatRateNature = "N2.2";

    // Flat rate, minimum, and small businesses of the EU: no VAT at all.
    private bool HasNoVat => settings.Seller.TaxRegime is "RF02" or "RF19" or "RF20";

    /// <summary>Sales to consumers of other EU states with VAT of their state.</summary>
    private bool IsOneStopShop => settings.OneStopShop.Enabled && !buyer.IsItalian && !buyer.IsBusiness
        && deliveryCountry != Countries.Italy && Countries.IsInUnion(deliveryCountry);

    public string Country => deliveryCountry;

    /// <summary>The taxation of a price that contains a rate.</summary>
    /// <param name="nature">What the line itself states; null: nothing.</param>
    /// <param name="rate">In percent.</param>
    public Taxation Of(decimal rate, string? nature)
    {
        // Gross is what the buyer pays, whatever VAT a shop computes that should not.
        if (HasNoVat)
            return new Taxation(0, FlatRateNature, 0);
        if (rate > 0)
            return IsOneStopShop ? new Taxation(0, settings.OneStopShop.Nature, rate) : new Taxation(rate, null, rate);
        return new Taxation(0, nature ?? NatureOfCountry() ?? settings.ZeroRateNature, 0);
    }

    private string? NatureOfCountry() => deliveryCountry switch
    {
        "" or Countries.Italy => null,
        // Goods of a business in Northern Ireland stay in the EU.
        Countries.UnitedKingdom when buyer.VatNumber?.Country == Countries.NorthernIreland => "N3.2",
        Countries.SanMarino => "N3.3",
        _ when Countries.IsInUnion(deliveryCountry) => "N3.2",
        _ => "N3.1",
    };
}
