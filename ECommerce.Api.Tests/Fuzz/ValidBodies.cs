using System.Text.Json.Nodes;

namespace ECommerce.Api.Tests.Fuzz;

/// <summary>A body that is accepted, with all its members, for every schema of the OpenAPI document.</summary>
internal sealed class ValidBodies(JsonNode document, KnownRows rows, Random random)
{
    public JsonObject Create(string schema)
    {
        var body = schema switch
        {
            "CustomerDraft" => new JsonObject
            {
                ["firstname"] = "Ada",
                ["lastname"] = "Rossi",
                ["email"] = $"ada{random.Next()}@example.com",
                ["company"] = "Rossi & Figli",
                ["website"] = "https://rossi.example/negozio",
                ["newsletter"] = true,
                ["optin"] = false,
                ["is_guest"] = false,
                ["active"] = true,
                ["lang_id"] = 1,
                ["notes"] = "prima riga\r\nseconda\triga",
            },
            "ProductDraft" => new JsonObject
            {
                ["name"] = "Lampada LED",
                ["reference"] = "LAMP-1",
                ["ean13"] = "8012345000017",
                ["price"] = 40.98m,
                ["vat_rate"] = 22,
                ["wholesale_price"] = 20.5m,
                ["weight"] = 0.25m,
                ["quantity"] = 1000,
                ["active"] = true,
                ["category_id"] = 1,
                ["brand_id"] = 1,
                ["description_short"] = "da tavolo",
            },
            "OrderStateDraft" => new JsonObject
            {
                ["name"] = "Da ritirare",
                ["color"] = "#3498D8",
                ["paid"] = false,
                ["shipped"] = false,
                ["invoice"] = true,
                ["logable"] = true,
                ["delivery"] = false,
            },
            "CategoryDraft" => new JsonObject { ["name"] = "Tavoli", ["parent_id"] = 1, ["active"] = true },
            "BrandDraft" => new JsonObject { ["name"] = "Flos", ["active"] = true },
            "CarrierDraft" => new JsonObject
            {
                ["name"] = "Corriere",
                ["url"] = "https://corriere.example/pacco",
                ["is_free"] = false,
                ["active"] = true,
            },
            "CountryDraft" => new JsonObject { ["name"] = "Francia", ["iso_code"] = "FR", ["active"] = true },
            "LangDraft" => new JsonObject
            {
                ["name"] = "Français",
                ["iso_code"] = "fr",
                ["locale"] = "fr-FR",
                ["active"] = true,
            },
            "OrderDraft" => Order(),
            "QuoteDraft" => Quote(),
            "AddressDraft" => new JsonObject
            {
                ["customer_id"] = rows.Any("customers", random),
                ["country_id"] = 1,
                ["alias"] = "casa",
                ["company"] = "Rossi & Figli",
                ["firstname"] = "Ada",
                ["lastname"] = "Rossi",
                ["vat_number"] = "IT01234567890",
                ["dni"] = "RSSDAA80A01F205X",
                ["address1"] = "Via Roma 1",
                ["address2"] = "scala B",
                ["postcode"] = "20121",
                ["city"] = "Milano",
                ["state"] = "MI",
                ["phone"] = "+39 02 1234567",
                ["phone_mobile"] = "+39 333 1234567",
                ["pec"] = "rossi@pec.example.com",
                ["sdi"] = "ABC1234",
                ["other"] = "citofono Rossi\nsecondo piano",
            },
            "OrderPatch" => new JsonObject { ["notes"] = "al piano\nsuonare due volte", ["assigned_to"] = null },
            "NewShop" or "ShopChange" => new JsonObject
            {
                ["name"] = "Negozio",
                ["base_url"] = "http://127.0.0.1:9/negozio",
                ["api_key"] = "KEY-1234",
                ["is_active"] = true,
                ["auth_mode"] = "query_key",
                ["time_zone"] = "Europe/Madrid",
                // Not during the test: nothing listens there.
                ["sync_interval_seconds"] = 0,
                ["max_execution_seconds"] = 120,
            },
            "CreditNoteDraft" => new JsonObject
            {
                ["lines"] = new JsonArray(new JsonObject { ["order_line_id"] = 1, ["quantity"] = 1 }),
                ["shipping"] = 1.5m,
                ["wrapping"] = 0,
                ["reason"] = "reso parziale",
            },
            "StatusChange" => new JsonObject { ["state_id"] = random.Next(1, 7), ["note"] = "in magazzino" },
            "StatePushRequest" => new JsonObject { ["cancel"] = true },
            "StartSyncRequest" => new JsonObject { ["mode"] = "full", ["confirm_deletions"] = false },
            "Credentials" => new JsonObject { ["username"] = "acme.user", ["password"] = "demo-Passw0rd!" },
            "RefreshRequest" or "LogOutRequest" => new JsonObject { ["refresh_token"] = rows.RefreshToken },
            _ => throw new InvalidOperationException($"There is no valid body of {schema}."),
        };
        CheckMembers(schema, body);
        return body;
    }

    // An order without what only orders have.
    private JsonObject Quote()
    {
        var quote = Order();
        quote.Remove("reference");
        quote.Remove("is_paid");
        quote["valid_until"] = "2099-12-31";
        return quote;
    }

    private JsonObject Order()
    {
        var lines = new JsonArray(new JsonObject
        {
            ["product_id"] = null,
            ["product_name"] = "Servizio",
            ["product_reference"] = "SERV",
            ["product_quantity"] = 3,
            ["unit_price_tax_excl"] = 19.99m,
            ["vat_rate"] = 10,
            ["reduction_percent"] = 12.5m,
        });
        if (rows.Any("products", random) is { } product)
        {
            lines.Add(new JsonObject
            {
                ["product_id"] = product,
                ["product_name"] = null,
                ["product_reference"] = null,
                ["product_quantity"] = 1,
                ["unit_price_tax_excl"] = null,
                ["vat_rate"] = null,
                ["reduction_percent"] = 0,
            });
        }
        return new()
        {
            ["customer_id"] = rows.Any("customers", random),
            ["address_delivery_id"] = null,
            ["address_invoice_id"] = null,
            ["carrier_id"] = 1,
            ["lang_id"] = 1,
            ["reference"] = "XKBDEMOAA",
            ["payment"] = "Bonifico",
            ["total_discounts"] = 1.5m,
            ["total_shipping"] = 6.1m,
            ["carrier_tax_rate"] = 22,
            ["is_paid"] = false,
            ["is_invoice_requested"] = true,
            ["notes"] = "al piano",
            ["assigned_to"] = null,
            ["lines"] = lines,
        };
    }

    // A member that is missing here would never be varied.
    private void CheckMembers(string schema, JsonObject body)
    {
        var documented = document["components"]!["schemas"]![schema]!["properties"]!.AsObject()
            .Select(member => member.Key).Order();
        if (!documented.SequenceEqual(body.Select(member => member.Key).Order()))
            throw new InvalidOperationException($"The valid body of {schema} has not the members of its schema.");
    }
}
