namespace ECommerce.Api.Tests.Mocks;

/// <summary>
/// Responses of real shops: two orders in the list form, the second of them as PrestaShop 8 gives it alone, and the
/// fields of other resources.
/// </summary>
internal static class Samples
{
    public const string Orders = """
        {"orders":[{"id":1001,"id_address_delivery":"501","id_address_invoice":"501","id_cart":"2001","id_currency":"1",
        "id_lang":"1","id_customer":"42",
        "id_carrier":"7","current_state":"2","module":"ps_checkout","invoice_number":"1",
        "invoice_date":"2026-03-01 18:23:09","delivery_number":"0",
        "delivery_date":"0000-00-00 00:00:00","valid":"1","date_add":"2026-03-01 18:22:41",
        "date_upd":"2026-03-01 18:23:10","shipping_number":"","note":"",
        "id_shop_group":"1","id_shop":"1","secure_key":"0f3c6a1d5b7e48929c1a2b3c4d5e6f70","payment":"Carta di credito",
        "recyclable":"0","gift":"0",
        "gift_message":"","mobile_theme":"0","total_discounts":"0.000000","total_discounts_tax_incl":"0.000000",
        "total_discounts_tax_excl":"0.000000",
        "total_paid":"120.000000","total_paid_tax_incl":"120.000000","total_paid_tax_excl":"101.197982",
        "total_paid_real":"120.000000",
        "total_products":"101.197982","total_products_wt":"120.000000","total_shipping":"0.000000",
        "total_shipping_tax_incl":"0.000000",
        "total_shipping_tax_excl":"0.000000","carrier_tax_rate":"0.000","total_wrapping":"0.000000",
        "total_wrapping_tax_incl":"0.000000",
        "total_wrapping_tax_excl":"0.000000","round_mode":"2","round_type":"2","conversion_rate":"1.000000",
        "reference":"XKBDEMOAA",
        "associations":{"order_rows":[{"id":"3001","product_id":"11","product_attribute_id":"0","product_quantity":"2",
        "product_name":"Lampada LED da tavolo",
        "product_reference":"LAMP-LED-01","product_ean13":"8012345000017","product_isbn":"","product_upc":"",
        "product_price":"40.983607",
        "id_customization":"0","unit_price_tax_incl":"50.000000","unit_price_tax_excl":"40.983607"},{"id":"3002",
        "product_id":"12","product_attribute_id":"0",
        "product_quantity":"1","product_name":"Libro: Guida di Napoli","product_reference":"BOOK-NAP-07",
        "product_ean13":"9788800000017","product_isbn":"",
        "product_upc":"","product_price":"19.230769","id_customization":"0","unit_price_tax_incl":"20.000000",
        "unit_price_tax_excl":"19.230769"}]}},{"id":1002,"id_address_delivery":"502","id_address_invoice":"503",
        "id_cart":"2002","id_currency":"1",
        "id_lang":"1","id_customer":"43","id_carrier":"7","current_state":"10","module":"ps_wirepayment",
        "invoice_number":"0",
        "invoice_date":"0000-00-00 00:00:00","delivery_number":"0","delivery_date":"0000-00-00 00:00:00","valid":"0",
        "date_add":"2026-03-02 09:05:12",
        "date_upd":"2026-03-02 09:05:12","shipping_number":"","note":"","id_shop_group":"1","id_shop":"1",
        "secure_key":"a1b2c3d4e5f60718293a4b5c6d7e8f90",
        "payment":"Bonifico bancario","recyclable":"0","gift":"0","gift_message":"","mobile_theme":"0",
        "total_discounts":"0.000000",
        "total_discounts_tax_incl":"0.000000","total_discounts_tax_excl":"0.000000","total_paid":"61.000000",
        "total_paid_tax_incl":"61.000000",
        "total_paid_tax_excl":"50.000000","total_paid_real":"0.000000","total_products":"45.000000",
        "total_products_wt":"54.900000",
        "total_shipping":"6.100000","total_shipping_tax_incl":"6.100000","total_shipping_tax_excl":"5.000000",
        "carrier_tax_rate":"22.000",
        "total_wrapping":"0.000000","total_wrapping_tax_incl":"0.000000","total_wrapping_tax_excl":"0.000000",
        "round_mode":"2","round_type":"2",
        "conversion_rate":"1.000000","reference":"QWDEMOBBB","associations":{"order_rows":[{"id":"3003",
        "product_id":"13","product_attribute_id":"31",
        "product_quantity":"3","product_name":"Maglietta cotone - Taglia : M- Colore : Blu",
        "product_reference":"TSHIRT-BLU-M",
        "product_ean13":"8012345000031","product_isbn":"","product_upc":"","product_price":"15.000000",
        "id_customization":"0",
        "unit_price_tax_incl":"18.300000","unit_price_tax_excl":"15.000000"}]}}]}
        """;

    public const string SingleOrder = """
        {"order":{"id":1002,"id_address_delivery":"502","id_address_invoice":"503","id_cart":"2002","id_currency":"1",
        "id_lang":"1","id_customer":"43",
        "id_carrier":"7","current_state":"10","module":"ps_wirepayment","invoice_date":"0000-00-00 00:00:00",
        "delivery_date":"0000-00-00 00:00:00",
        "date_add":"2026-03-02 09:05:12","date_upd":"2026-03-02 09:05:12","id_shop_group":"1","id_shop":"1",
        "secure_key":"a1b2c3d4e5f60718293a4b5c6d7e8f90",
        "payment":"Bonifico bancario","total_discounts":"0.000000","total_discounts_tax_incl":"0.000000",
        "total_discounts_tax_excl":"0.000000",
        "total_paid":"61.000000","total_paid_tax_incl":"61.000000","total_paid_tax_excl":"50.000000",
        "total_paid_real":"0.000000",
        "total_products":"45.000000","total_products_wt":"54.900000","total_shipping":"6.100000",
        "total_shipping_tax_incl":"6.100000",
        "total_shipping_tax_excl":"5.000000","carrier_tax_rate":"22.000","total_wrapping":"0.000000",
        "total_wrapping_tax_incl":"0.000000",
        "total_wrapping_tax_excl":"0.000000","round_mode":"2","round_type":"2","conversion_rate":"1.000000",
        "reference":"QWDEMOBBB",
        "associations":{"order_rows":[{"id":"3003","product_id":"13","product_attribute_id":"31","product_quantity":"3",
        "product_name":"Maglietta cotone - Taglia : M- Colore : Blu","product_reference":"TSHIRT-BLU-M",
        "product_ean13":"8012345000031","product_isbn":"",
        "product_upc":"","product_price":"15.000000","id_customization":"0","unit_price_tax_incl":"18.300000",
        "unit_price_tax_excl":"15.000000"}]}}}
        """;

    public const string CustomerFields = """
        id id_default_group id_lang newsletter_date_add ip_registration_newsletter last_passwd_gen secure_key deleted
        passwd
        lastname firstname email id_gender birthday newsletter optin website company siret ape outstanding_allow_amount
        show_public_prices id_risk max_payment_days active note is_guest id_shop id_shop_group date_add date_upd
        reset_password_token reset_password_validity associations
        """;

    public const string AddressFields = """
        id id_customer id_manufacturer id_supplier id_warehouse id_country id_state alias company lastname firstname
        vat_number
        address1 address2 postcode city other phone phone_mobile dni deleted date_add date_upd
        """;

    public const string ProductFields = """
        id id_manufacturer id_supplier id_category_default new cache_default_attribute id_default_image
        id_default_combination
        id_tax_rules_group position_in_category manufacturer_name quantity type id_shop_default reference
        supplier_reference
        location width height depth weight quantity_discount ean13 isbn upc mpn cache_is_pack cache_has_attachments
        is_virtual
        state additional_delivery_times delivery_in_stock delivery_out_stock product_type on_sale online_only ecotax
        minimal_quantity low_stock_threshold low_stock_alert price wholesale_price unity unit_price unit_price_ratio
        additional_shipping_cost customizable text_fields uploadable_files active redirect_type id_type_redirected
        available_for_order available_date show_condition condition show_price indexed visibility
        advanced_stock_management
        date_add date_upd pack_stock_type meta_description meta_keywords meta_title link_rewrite name description
        description_short available_now available_later associations
        """;

    public const string OrderFields = """
        id id_address_delivery id_address_invoice id_cart id_currency id_lang id_customer id_carrier current_state
        module
        invoice_number invoice_date delivery_number delivery_date valid date_add date_upd shipping_number note
        id_shop_group
        id_shop secure_key payment recyclable gift gift_message mobile_theme total_discounts total_discounts_tax_incl
        total_discounts_tax_excl total_paid total_paid_tax_incl total_paid_tax_excl total_paid_real total_products
        total_products_wt total_shipping total_shipping_tax_incl total_shipping_tax_excl carrier_tax_rate total_wrapping
        total_wrapping_tax_incl total_wrapping_tax_excl round_mode round_type conversion_rate reference associations
        """;
}
