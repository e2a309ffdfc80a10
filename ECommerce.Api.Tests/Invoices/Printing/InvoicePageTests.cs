using ECommerce.Api.Tests.CacheAdministration.Dashboard;
using ECommerce.Api.Tests.Invoices.Support;
using ECommerce.Features.Invoices;
using ECommerce.Features.Invoices.Printing;
using ECommerce.Features.Invoices.Requests;
using Microsoft.Playwright;

namespace ECommerce.Api.Tests.Invoices.Printing;

public sealed class InvoicePageTests
{
    private static readonly InvoicedOrder Expensive = new(
        [
            InvoiceSamples.Line(1, "Caffè in grani", 1234, 10.125m, 12.3525m, 22m),
            InvoiceSamples.Line(2, "Corso", 1, 77.48m, 77.48m, 0m, "N4"),
        ])
    {
        Reference = "XKBDEMOAA",
        PaymentMethod = "Bonifico",
    };

    [Fact]
    public void Amounts_and_codes_are_written_as_in_Italy()
    {
        var page = Render(InvoiceSamples.Request(Expensive, InvoiceSamples.Acme));

        foreach (var text in new[]
        {
            "<h1>Fattura n. 2026/101 del 16/11/2026</h1>", "Ordine: XKBDEMOAA", "1.234 PZ", "10,125",
            "12.494,25", "2.748,74", "15.320,47", ">N4<", "Esente art. 10 DPR 633/72", "€ 15.320,47",
            "Imposta di bollo assolta in modo virtuale: € 2,00", "Partita IVA: IT12345678903", "20121 Milano (MI)",
            "Pagamento: bonifico, € 15.320,47, IBAN IT60X0542811101000000123456", "Caffè in grani",
        })
        {
            Assert.Contains(text, page.Replace("&#232;", "è", StringComparison.Ordinal)
                .Replace("&#224;", "à", StringComparison.Ordinal), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Credit_note_names_its_invoice_and_whose_money_it_is()
    {
        var page = Render(InvoiceSamples.Request(InvoiceSamples.TwoRates()) with
        {
            Credits = new CreditedInvoice(new InvoiceReference("77/2026", new DateOnly(2026, 11, 2))),
            Note = "Reso della merce",
        });

        Assert.Contains("<h1>Nota di credito n. 2026/101 del 16/11/2026</h1>", page, StringComparison.Ordinal);
        Assert.Contains("Fattura collegata: 77/2026 del 02/11/2026", page, StringComparison.Ordinal);
        Assert.Contains("Totale a credito del cliente", page, StringComparison.Ordinal);
        Assert.Contains("Causale: Reso della merce", page, StringComparison.Ordinal);
    }

    [Fact]
    public void Buyer_abroad_has_a_country_and_no_made_up_number()
    {
        var address = new InvoiceAddress("10 Example Street", "SW1A 2AA", "London", null, "GB");
        var consumer = new InvoiceBuyer(address) { Firstname = "John", Lastname = "O'Neill" };

        var page = Render(InvoiceSamples.Request(InvoiceSamples.Simple(), consumer));
        var company = Render(InvoiceSamples.Request(
            InvoiceSamples.Simple(), consumer with { Company = "Demo Ltd", VatNumber = "GB123456789" }));

        Assert.Contains("Nazione: GB", page, StringComparison.Ordinal);
        Assert.DoesNotContain("99999999999", page, StringComparison.Ordinal);
        Assert.DoesNotContain("00000 London", page, StringComparison.Ordinal);
        Assert.Contains("Identificativo fiscale: GB123456789", company, StringComparison.Ordinal);
    }

    [Fact]
    public void Split_payment_states_what_is_to_be_paid()
    {
        var page = Render(InvoiceSamples.Request(InvoiceSamples.Simple(), InvoiceSamples.Acme) with
        {
            SplitPayment = true,
        });

        Assert.Contains("Scissione dei pagamenti", page, StringComparison.Ordinal);
        Assert.Contains("<dt>Netto a pagare</dt><dd>€ 100,00</dd>", page, StringComparison.Ordinal);
    }

    [Fact]
    public void Texts_of_others_are_no_markup()
    {
        var page = Render(InvoiceSamples.Request(
            new InvoicedOrder([InvoiceSamples.Line(1, "<script>alert(1)</script>", 1, 10m, 12.2m, 22m)]),
            InvoiceSamples.Acme with { Company = "A & B <b>S.r.l.</b>" }));

        Assert.DoesNotContain("<script", page, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("A &amp; B &lt;b&gt;S.r.l.&lt;/b&gt;", page, StringComparison.Ordinal);
    }

    // 794 pixels are the width of A4.
    [Theory(Skip = Browser.Reason, SkipType = typeof(Browser), SkipUnless = nameof(Browser.IsExpected))]
    [InlineData(794, Media.Print)]
    [InlineData(794, Media.Screen)]
    public async Task Page_of_long_names_and_numbers_is_no_wider_than_the_paper(int width, Media media)
    {
        var order = Expensive with
        {
            Lines =
            [
                InvoiceSamples.Line(1, new string('W', 200), 999_999, 1234.123456m, 1505.630616m, 22m) with
                {
                    Reference = new string('R', 35),
                },
            ],
        };
        var html = Render(InvoiceSamples.Request(order, InvoiceSamples.Acme with { Company = new string('M', 80) }));
        await using var browser = await Browser.StartAsync();
        var page = await browser.BlankAsync(width);
        await page.EmulateMediaAsync(new() { Media = media });

        await page.SetContentAsync(html);

        Assert.Equal(width, await page.EvaluateAsync<int>("document.documentElement.scrollWidth"));
        Assert.StartsWith(
            "1.234.12", await page.Locator("td.n").Nth(4).InnerTextAsync(), StringComparison.Ordinal);
    }

    private static string Render(InvoiceRequest request)
    {
        var invoice = InvoiceFactory.Create(request);
        Assert.Empty(invoice.Faults);
        return InvoicePage.Render(invoice.Document!);
    }
}
