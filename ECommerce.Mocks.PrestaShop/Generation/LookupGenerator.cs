using ECommerce.Mocks.PrestaShop.Generation.Orders;
using ECommerce.Mocks.PrestaShop.Storage;

namespace ECommerce.Mocks.PrestaShop.Generation;

/// <summary>The small tables, with the ids that an Italian installation has.</summary>
internal sealed class LookupGenerator(Texts texts, ShopOptions options)
{
    private const string AwaitingCash =
        "In attesa di verifica del contrassegno|Awaiting Cash On Delivery validation|cashondelivery";

    // id; delivery, invoice, logable, shipped, paid; module; colour; Italian; English; template
    private const string States = $"""
        1|00000|ps_checkpayment|#34209E|In attesa di pagamento con assegno|Awaiting check payment|cheque
        2|01101||#3498D8|Pagamento accettato|Payment accepted|payment
        3|11101||#3498D8|Preparazione in corso|Processing in progress|preparation
        4|11111||#01B887|Spedito|Shipped|shipped
        5|11111||#01B887|Consegnato|Delivered|
        6|00000||#2C3E50|Annullato|Canceled|order_canceled
        7|01000||#01B887|Rimborsato|Refunded|refund
        8|00000||#E74C3C|Errore di pagamento|Payment error|payment_error
        9|01001||#3498D8|In attesa di rifornimento (pagato)|On backorder (paid)|outofstock
        10|00000|ps_wirepayment|#34209E|In attesa di pagamento con bonifico bancario|Awaiting bank wire payment|bankwire
        11|01101||#3498D8|Pagamento remoto accettato|Remote payment accepted|payment
        12|00000||#34209E|In attesa di rifornimento (non pagato)|On backorder (not paid)|outofstock
        13|00000|ps_cashondelivery|#34209E|{AwaitingCash}
        """;

    private const string Countries = """
        1|1|49|DE|NNNNN|Germania|Germany
        2|1|43|AT|NNNN|Austria|Austria
        6|1|34|ES|NNNNN|Spagna|Spain
        8|1|33|FR|NNNNN|Francia|France
        10|1|39|IT|NNNNN|Italia|Italy
        19|7|41|CH|NNNN|Svizzera|Switzerland
        21|2|1|US|NNNNN|Stati Uniti|United States
        """;

    private const string Provinces = """
        181|10|MI|Milano
        207|10|RM|Roma
        215|10|TO|Torino
        5|21|CA|California
        """;

    private const string Italian = "1|it|IT|Italiano (Italian)";

    // A carrier that was edited is a new row with the same reference; the old one stays, deleted.
    private const string Carriers = """
        1|1|0|Ritiro in negozio|Ritiro in negozio|Pick up in-store
        2|2|1|Corriere espresso|24/48 ore|24/48 hours
        3|3|0|Poste|3-5 giorni|3-5 days
        4|2|0|Corriere espresso|Consegna più rapida: 24 ore|Faster delivery: 24 hours
        """;

    public IEnumerable<Table> Generate() =>
    [
        Table("order_states", States, (row, part) => row
            .Set("unremovable", true).Set("send_email", part[6] != "")
            .Set("delivery", part[1][0] == '1').Set("invoice", part[1][1] == '1').Set("logable", part[1][2] == '1')
            .Set("shipped", part[1][3] == '1').Set("paid", part[1][4] == '1').Set("pdf_invoice", part[0] == "2")
            .Set("module_name", part[2]).Set("color", part[3])
            .Set("name", texts.Of(part[4], part[5])).Set("template", texts.Of(part[6], part[6]))),
        Table("countries", Countries, (row, part) => row
            .Set("id_zone", part[1]).Set("call_prefix", part[2]).Set("iso_code", part[3]).Set("active", true)
            .Set("need_zip_code", true)
            .Set("zip_code_format", part[4]).Set("display_tax_label", true).Set("name", texts.Of(part[5], part[6]))),
        Table("carriers", Carriers, (row, part) => row
            .Set("id_reference", part[1]).Set("deleted", part[2]).Set("id_tax_rules_group", 1).Set("name", part[3])
            .Set("active", part[2] == "0")
            .Set("url", part[2] == "0" && part[0] != "1" ? "https://corriere.example/@" : "")
            .Set("is_free", part[0] == "1").Set("shipping_handling", part[0] != "1").Set("position", part[1])
            .Set("delay", texts.Of(part[4], part[5]))),
        Table("taxes", "1|22\n2|10\n3|5\n4|4\n5|0", (row, part) => row
            .Set("rate", $"{part[1]}.000").Set("active", true)
            .Set("name", texts.Of($"IVA IT {part[1]}%", $"IVA IT {part[1]}%"))),
        // Group and tax have one number; Italy is country 10, and the same groups mean no tax in Switzerland.
        Table("tax_rules", "1|1|10|1\n2|2|10|2\n3|3|10|3\n4|4|10|4\n5|5|10|5\n6|1|19|5", (row, part) => row
            .Set("id_tax_rules_group", part[1]).Set("id_country", part[2]).Set("id_tax", part[3])),
        Table("groups", "1|Visitatori|Visitors\n2|Ospiti|Guests\n3|Clienti|Customers", (row, part) => row
            .Set("show_prices", true).Set("date_add", ShopGenerator.Opened).Set("date_upd", ShopGenerator.Opened)
            .Set("name", texts.Of(part[1], part[2]))),
        Table("states", Provinces, (row, part) => row
            .Set("id_zone", 1).Set("id_country", part[1]).Set("iso_code", part[2]).Set("name", part[3])
            .Set("active", true)),
        Table(
            "configurations", $"1|PS_LANG_DEFAULT|1\n2|PS_COUNTRY_DEFAULT|10\n3|PS_TIMEZONE|{options.Zone}\n"
                + "4|PS_OS_PREPARATION|3",
            (row, part) => row.Set("name", part[1]).Set("value", part[2])
                .Set("date_add", ShopGenerator.Opened).Set("date_upd", ShopGenerator.Opened)),
        Table("languages", texts.Languages == 1 ? Italian : $"{Italian}\n2|en|US|English (English)", (row, part) => row
            .Set("name", part[3]).Set("iso_code", part[1]).Set("locale", $"{part[1]}-{part[2]}")
            .Set("language_code", part[1]).Set("active", true)
            .Set("date_format_lite", "d/m/Y").Set("date_format_full", "d/m/Y H:i:s")),
        Currencies(),
        // The vouchers of orders; the one of 20 % has no code, as an automatic one has none.
        Table("cart_rules", "1|Sconto 5 %|5% off|BENVENUTO5\n2|Sconto 10 %|10% off|ESTATE10\n3|Sconto 20 %|20% off|\n"
            + "4|Spedizione gratuita|Free shipping|GRATIS", (row, part) => row
            .Set("code", part[3]).Set("active", true).Set("quantity", 1000).Set("free_shipping", part[0] == "4")
            .Set("date_add", ShopGenerator.Opened).Set("date_upd", ShopGenerator.Opened)
            .Set("name", texts.Of(part[1], part[2]))),
    ];

    public static Table Currencies() => new(
        Schemas.Known["currencies"], ShopCurrency.All.Select(currency => new RowBuilder(
                Schemas.Known["currencies"], currency.Id)
            .Set("name", currency.Name).Set("iso_code", currency.Code).Set("numeric_iso_code", currency.Number)
            .Set("precision", currency.Digits).Set("conversion_rate", currency.Rate).Set("active", true)
            .Build()));

    private static Table Table(string resource, string lines, Action<RowBuilder, string[]> fill)
    {
        var schema = Schemas.Known[resource];
        return new(schema, lines.Split('\n').Select(line =>
        {
            var parts = line.Trim().Split('|');
            var row = new RowBuilder(schema, ShopFormat.Int(parts[0]));
            fill(row, parts);
            return row.Build();
        }));
    }
}
