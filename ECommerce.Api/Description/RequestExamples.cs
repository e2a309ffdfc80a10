using System.Text.Json;
using ECommerce.Features.Accounts;
using ECommerce.Features.Addresses;
using ECommerce.Features.CacheAdministration;
using ECommerce.Features.Customers;
using ECommerce.Features.Invoices.Issuing;
using ECommerce.Features.Lookups.Drafts;
using ECommerce.Features.Orders;
using ECommerce.Features.Orders.Drafts;
using ECommerce.Features.Orders.States;
using ECommerce.Features.PrestaShop;
using ECommerce.Features.Products;
using ECommerce.Features.Quotes;
using ECommerce.Features.Sales;
using ECommerce.Features.Settings;
using ECommerce.Features.Shops;

namespace ECommerce.Api.Description;

/// <summary>An example of every body that a client sends. A test validates each.</summary>
internal static class RequestExamples
{
    private static readonly Dictionary<Type, object> ByType = new object[]
    {
        new Credentials("acme.ordini", "demo-Passw0rd!"),
        new RefreshRequest("cmVmcmVzaC10b2tlbi1vZi10aGUtbG9naW4"),
        new LogOutRequest("cmVmcmVzaC10b2tlbi1vZi10aGUtbG9naW4"),
        new PasswordChange("demo-Passw0rd!", "another-Passw0rd!"),
        new OrderDraft(
            1, null, null, 1, 1, "XKBDEMOAA", "Bonifico", TotalDiscounts: 1.50m, TotalShipping: 6.10m, 22,
            IsPaid: false, IsInvoiceRequested: true, "Al terzo piano", null,
            [new OrderLineDraft(1, null, null, 2, null, null, 0), new(null, "Montaggio", null, 1, 40, 22, 10)]),
        new OrderPatch { Notes = "Suonare due volte", AssignedTo = 3 },
        new StatusChange(4, "Consegnato al corriere"),
        new CustomerDraft(
            "Ada", "Rossi", "ada.rossi@example.com", "Rossi & Figli S.r.l.", "https://rossi.example", false, false,
            false, true, 1, "Chiamare prima delle 18"),
        new AddressDraft(
            1, 1, "Casa", null, "Ada", "Rossi", null, "RSSDAA80A41L219X", "Via Roma 1", "Interno 3", "10121", "Torino",
            "TO", "011 1234567", "333 1234567", "ada.rossi@pec.example", "0000000", "Citofono Rossi"),
        new QuoteDraft(
            1, null, null, 1, 1, "Bonifico", TotalDiscounts: 1.50m, TotalShipping: 6.10m, 22, IsInvoiceRequested: true,
            "Consegna in giugno", null, new DateOnly(2099, 12, 31),
            [new OrderLineDraft(1, null, null, 2, null, null, 0), new(null, "Montaggio", null, 1, 40, 22, 10)]),
        new CreditNoteDraft([new CreditedLineDraft(1, 1)], Shipping: 6.10m, Wrapping: null, "Reso parziale"),
        new ProductDraft(
            "Lampada LED", "LAMP-1", "8012345000017", 40.98m, 22, 20.50m, 0.25m, 12, true, 1, 1, "Da tavolo"),
        new OrderStateDraft("Da ritirare", "#3498D8", Paid: true, Shipped: false, Invoice: true, Logable: true, true),
        new CategoryDraft("Tavoli", 1, true),
        new BrandDraft("Flos", true),
        new CarrierDraft("Corriere espresso", "https://corriere.example/pacco", IsFree: false, true),
        new CountryDraft("Francia", "FR", true),
        new LangDraft("Français", "fr", "fr-FR", true),
        new SettingChange(JsonSerializer.SerializeToElement(60)),
        new NewShop(
            "Negozio", "https://negozio.example", "the-key-of-the-web-service", true, "basic", "Europe/Rome", 60, 300),
        new ShopChange("Negozio", "https://negozio.example", null, true, "basic", "Europe/Rome", 60, 300),
        new StatePushRequest(Cancel: false),
        new StartSyncRequest("full", ConfirmDeletions: false),
        new CacheInvalidation(null, "order", 42, null, null),
        new CacheFlagChange("orders", IsOn: false),
    }.ToDictionary(static example => example.GetType());

    /// <summary>The example of a body; null: the type is not one of a body.</summary>
    public static object? Find(Type body) => ByType.GetValueOrDefault(body);
}
