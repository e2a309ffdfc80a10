using ECommerce.Features.Invoices.Requests;

namespace ECommerce.Api.Tests.Invoices.Seeded;

/// <summary>
/// Orders as shops make them, one for each seed: four rates, several vouchers, gross or net prices, the three kinds of
/// rounding, customers of many countries, texts of any script, refunds.
/// </summary>
internal sealed class RandomOrders
{
    private static readonly string[] Names =
    [
        "Caffè in grani – 1 kg", "Lampada “Świeca” 40 €", "Crème brûlée 🍮 ×2", "Žižka & Søn <set>", "北京茶", "Ελιές",
        "Перцовка 0,5", "Ť-shirt ½ manica…", "Perché no? 5° lotto", "Set 3+1 “Gratis”", "é decomposto", "Zaino",
    ];

    private static readonly (string Country, string? Vat, string? TaxCode, string? Company)[] Customers =
    [
        ("IT", null, "BNCLRA85T50F839Z", null), ("IT", " it 123 456 789 03", null, "Acme Forniture S.r.l."),
        ("IT", "BNCLRA85T50F839Z", null, null), ("IT", null, "91234567898", "ASD Esempio"),
        ("GB", null, null, null), ("GR", "EL123456789", null, "Elliniki Δημο AE"),
        ("GB", "XI123456789", null, "Belfast"),
        ("US", null, null, "Demo Inc. 🚀"), ("AT", "ATU12345678", null, "Muster GmbH"),
        ("SM", "SM12345", null, "Titano"),
        ("SM", null, null, null), ("DE", null, "BNCLRA85T50F839Z", null), ("IE", "IT12345678903", null, "Foreign Ltd"),
    ];

    private static readonly decimal[] Rates = [22m, 10m, 5m, 4m];
    private static readonly string?[] Methods = ["PayPal", "Bonifico bancario", "Contrassegno", "Stripe", null, "MP08"];

    private readonly Random _random;
    private readonly OrderRounding _rounding;
    private readonly bool _hasVat;
    private readonly bool _isGrossShop;
    private readonly string _country;

    private RandomOrders(int seed)
    {
        _random = new Random(seed);
        _rounding = new OrderRounding(_random.Next(1, 4), _random.Next(0, 6));
        _country = Customers[seed % Customers.Length].Country;
        _hasVat = _country != "SM" && _random.Next(5) > 0;
        _isGrossShop = _random.Next(2) == 0;
    }

    public static InvoiceRequest Request(int seed) => new RandomOrders(seed).Make(seed);

    private InvoiceRequest Make(int seed)
    {
        var (country, vat, taxCode, company) = Customers[seed % Customers.Length];
        var buyer = new InvoiceBuyer(
            new InvoiceAddress(
                "Straße der “Prüfung” 12/b – interno 3, scala à gauche, presso l’amministrazione", country == "IT"
                    ? "80121"
                    : "SW1A 2AA", "Città di Łódź", country == "IT" ? "NA" : "CA", country))
        {
            Company = company,
            Firstname = "Zoë",
            Lastname = "O’Neill-Žižková",
            VatNumber = vat,
            TaxCode = taxCode,
            Pec = _random.Next(3) == 0 ? "posta@pec.example.it" : null,
            RecipientCode = country == "IT" && _random.Next(3) == 0 ? "m5uxcr1" : null,
        };
        var regime = _random.Next(8) == 0 ? "RF19" : "RF01";
        var settings = Support.InvoiceSamples.Settings(regime) with
        {
            StampDuty = new StampDutySettings { ChargeBuyer = _random.Next(2) == 0 },
            ZeroRateNature = "N4",
        };
        var order = Order(regime == "RF01");
        var request = new InvoiceRequest(
            $"{seed + 1}/2026", Support.InvoiceSamples.Day, $"{seed:00000}", settings, buyer, order)
        {
            SplitPayment = regime == "RF01" && _random.Next(20) == 0,
            Note = _random.Next(4) == 0 ? string.Concat(Enumerable.Repeat("Grazie – „danke“ €! ", 20)) : null,
        };
        return _random.Next(5) > 0 ? request : request with { Credits = Credits(order) };
    }

    private InvoicedOrder Order(bool hasVat)
    {
        var lines = Enumerable.Range(1, _random.Next(1, 7)).Select(id => Line(id, hasVat)).ToArray();
        var goods = _rounding.Sum(lines.Select(line => line.TotalGross!.Value));
        var shipping = Shipping(lines);
        var vouchers = Vouchers(goods, shipping?.Gross ?? 0);
        var paid = goods + (shipping?.Gross ?? 0) - vouchers.Sum(voucher => voucher.Value);
        return new InvoicedOrder(lines)
        {
            Reference = "XKBDEMOAA",
            Date = Support.InvoiceSamples.Day,
            Rounding = _rounding,
            Vouchers = vouchers,
            Shipping = shipping,
            TotalPaid = paid,
            PaymentMethod = Methods[_random.Next(Methods.Length)],
        };
    }

    private InvoicedLine Line(int id, bool hasVat)
    {
        var rate = _hasVat && hasVat && _random.Next(8) > 0 ? Rates[_random.Next(Rates.Length)] : 0;
        var quantity = _random.Next(4) == 0 ? _random.Next(1, 300) : _random.Next(1, 4);
        var price = _random.Next(1, 20_000) / 100m;
        var net = decimal.Round(_isGrossShop ? price / (1 + (rate / 100)) : price, 6, MidpointRounding.AwayFromZero);
        var gross = _isGrossShop
            ? price
            : decimal.Round(net * (1 + (rate / 100)), 6, MidpointRounding.AwayFromZero);
        return new InvoicedLine(id, Names[_random.Next(Names.Length)], quantity, net, gross, rate)
        {
            Reference = _random.Next(2) == 0 ? $"RÉF-{id}" : null,
            TotalNet = _rounding.LineTotal(net, quantity),
            TotalGross = _rounding.LineTotal(gross, quantity),
        };
    }

    // As shops with one rate for shipping make it, or with the average of the cart.
    private InvoicedCharge? Shipping(InvoicedLine[] lines)
    {
        if (_random.Next(3) == 0)
            return null;
        var net = _random.Next(100, 1500) / 100m;
        var goodsNet = lines.Sum(line => line.TotalNet!.Value);
        var goodsGross = lines.Sum(line => line.TotalGross!.Value);
        var rate = _random.Next(2) == 0
            ? lines[0].VatRate
            : decimal.Round(((goodsGross / goodsNet) - 1) * 100, 3, MidpointRounding.AwayFromZero);
        var gross = decimal.Round(net * (1 + (rate / 100)), 2, MidpointRounding.AwayFromZero);
        return new InvoicedCharge(net, gross, _random.Next(4) == 0 ? 0 : rate);
    }

    private InvoicedVoucher[] Vouchers(decimal goods, decimal shipping)
    {
        var vouchers = new List<InvoicedVoucher>();
        if (_random.Next(3) == 0)
            vouchers.Add(new InvoicedVoucher("ESTATE’26 🌞", decimal.Round(goods / 10, 2)));
        if (_random.Next(4) == 0)
            vouchers.Add(new InvoicedVoucher("BENVENUTO", Math.Min(10m, decimal.Round(goods / 2, 2))));
        if (_random.Next(8) == 0)
            vouchers.Add(new InvoicedVoucher("Carta regalo", decimal.Round(goods / 5, 2)) { IsGiftCard = true });
        if (shipping > 0 && _random.Next(8) == 0)
            vouchers.Add(new InvoicedVoucher("Spedizione gratuita", shipping) { FreeShipping = true });
        return [.. vouchers.Where(voucher => voucher.Value > 0)];
    }

    private CreditedInvoice Credits(InvoicedOrder order)
    {
        var invoice = new CreditedInvoice(new InvoiceReference("7/2026", new DateOnly(2026, 11, 2)));
        if (_random.Next(2) == 0)
            return invoice;
        return invoice with
        {
            Refund = new InvoicedRefund([new RefundedLine(1, Math.Ceiling(order.Lines[0].Quantity / 2))])
            {
                Shipping = order.Vouchers.Any(voucher => voucher.FreeShipping) ? 0 : order.Shipping?.Gross ?? 0,
            },
        };
    }
}
