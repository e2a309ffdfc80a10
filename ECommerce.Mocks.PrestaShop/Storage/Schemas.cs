using System.Collections.Frozen;

namespace ECommerce.Mocks.PrestaShop.Storage;

/// <summary>The fields of PrestaShop 8, in the order in which the webservice writes them.</summary>
internal static class Schemas
{
    public static FrozenDictionary<string, ResourceSchema> Known { get; } = new[]
    {
        ResourceSchema.Parse("orders", "order", """
            id id_address_delivery id_address_invoice id_cart id_currency id_lang id_customer id_carrier current_state#
            module
            invoice_number# invoice_date@ delivery_number# delivery_date@ valid# date_add date_upd shipping_number! note
            id_shop_group
            id_shop secure_key payment recyclable# gift# gift_message mobile_theme# total_discounts#
            total_discounts_tax_incl#
            total_discounts_tax_excl# total_paid# total_paid_tax_incl# total_paid_tax_excl# total_paid_real#
            total_products#
            total_products_wt# total_shipping# total_shipping_tax_incl# total_shipping_tax_excl# carrier_tax_rate#
            total_wrapping#
            total_wrapping_tax_incl# total_wrapping_tax_excl# round_mode# round_type# conversion_rate# reference

            order_rows:order_row(id,product_id,product_attribute_id,product_quantity,product_name,product_reference,
            product_ean13,product_isbn,product_upc,product_price,id_customization,unit_price_tax_incl,
            unit_price_tax_excl)
            """),
        ResourceSchema.Parse("order_details", "order_detail", """
            id id_order product_id# product_attribute_id# product_quantity_reinjected# group_reduction#
            discount_quantity_applied#
            download_hash download_deadline@ id_order_invoice id_warehouse id_shop id_customization product_name
            product_quantity#
            product_quantity_in_stock# product_quantity_return# product_quantity_refunded# product_price#
            reduction_percent#
            reduction_amount# reduction_amount_tax_incl# reduction_amount_tax_excl# product_quantity_discount#
            product_ean13 product_isbn
            product_upc product_mpn product_reference product_supplier_reference product_weight# tax_computation_method#
            id_tax_rules_group ecotax# ecotax_tax_rate# download_nb# unit_price_tax_incl# unit_price_tax_excl#
            total_price_tax_incl#
            total_price_tax_excl# total_shipping_price_tax_excl# total_shipping_price_tax_incl# purchase_supplier_price#
            original_product_price# original_wholesale_price# total_refunded_tax_excl# total_refunded_tax_incl#
            taxes:tax(id)
            """),
        ResourceSchema.Parse("order_slip", "order_slip", """
            id id_customer id_order conversion_rate# total_products_tax_excl# total_products_tax_incl#
            total_shipping_tax_excl# total_shipping_tax_incl# amount# shipping_cost# shipping_cost_amount# partial#
            date_add date_upd order_slip_type#
            order_slip_details:order_slip_detail(id,id_order_detail,product_quantity,amount_tax_excl,amount_tax_incl)
            """, listName: "order_slips"),
        ResourceSchema.Parse("order_payments", "order_payment", """
            id order_reference id_currency amount# payment_method conversion_rate# transaction_id card_number card_brand
            card_expiration card_holder date_add
            """),
        ResourceSchema.Parse("order_cart_rules", "order_cart_rule",
            "id id_order id_cart_rule id_order_invoice name value# value_tax_excl# free_shipping# deleted#"),
        ResourceSchema.Parse("order_carriers", "order_carrier", """
            id id_order id_carrier id_order_invoice weight# shipping_cost_tax_excl# shipping_cost_tax_incl#
            tracking_number date_add
            """),
        ResourceSchema.Parse("customer_threads", "customer_thread", """
            id id_lang id_shop id_customer id_order id_product id_contact email token status date_add date_upd
            customer_messages:customer_message(id)
            """),
        ResourceSchema.Parse("customer_messages", "customer_message", """
            id id_employee id_customer_thread ip_address message file_name user_agent private# date_add date_upd read#
            """),
        ResourceSchema.Parse("cart_rules", "cart_rule", """
            id id_customer date_from@ date_to@ description quantity# quantity_per_user# priority# partial_use# code
            minimum_amount# free_shipping# reduction_percent# reduction_amount# reduction_tax# active# highlight#
            date_add date_upd name*
            """),
        ResourceSchema.Parse("order_histories", "order_history", "id id_employee id_order_state id_order date_add"),
        ResourceSchema.Parse("order_states", "order_state", """
            id unremovable# delivery# hidden# send_email# module_name invoice# color logable# shipped# paid#
            pdf_delivery# pdf_invoice#
            deleted# name* template*
            """),
        ResourceSchema.Parse("customers", "customer", """
            id id_default_group id_lang newsletter_date_add@ ip_registration_newsletter last_passwd_gen@ secure_key
            deleted# passwd
            lastname firstname email id_gender birthday@ newsletter# optin# website company siret ape
            outstanding_allow_amount#
            show_public_prices# id_risk max_payment_days# active# note is_guest# id_shop id_shop_group date_add date_upd
            reset_password_token reset_password_validity@ groups:group(id)
            """),
        ResourceSchema.Parse("addresses", "address", """
            id id_customer id_manufacturer id_supplier id_warehouse id_country id_state alias company lastname firstname
            vat_number
            address1 address2 postcode city other phone phone_mobile dni deleted# date_add date_upd
            """),
        ResourceSchema.Parse("products", "product", """
            id id_manufacturer id_supplier id_category_default new# cache_default_attribute# id_default_image
            id_default_combination
            id_tax_rules_group position_in_category# manufacturer_name! quantity#! type id_shop_default reference
            supplier_reference
            location width# height# depth# weight# quantity_discount# ean13 isbn upc mpn cache_is_pack#
            cache_has_attachments#
            is_virtual# state# additional_delivery_times# delivery_in_stock* delivery_out_stock* product_type on_sale#
            online_only#
            ecotax# minimal_quantity# low_stock_threshold# low_stock_alert# price# wholesale_price# unity unit_price#
            unit_price_ratio#
            additional_shipping_cost# customizable# text_fields# uploadable_files# active# redirect_type
            id_type_redirected
            available_for_order# available_date@ show_condition# condition show_price# indexed# visibility
            advanced_stock_management#
            date_add date_upd pack_stock_type# meta_description* meta_keywords* meta_title* link_rewrite* name*
            description*
            description_short* available_now* available_later* categories:category(id) images:image(id)
            combinations:combination(id)
            product_option_values:product_option_value(id) product_features:product_feature(id,id_feature_value)
            tags:tag(id)
            stock_availables:stock_available(id,id_product_attribute)
            """),
        ResourceSchema.Parse("stock_availables", "stock_available",
            "id id_product id_product_attribute id_shop id_shop_group quantity# depends_on_stock# out_of_stock# "
            + "location"),
        ResourceSchema.Parse("categories", "category", """
            id id_parent level_depth# nb_products_recursive#! active# id_shop_default is_root_category# position#
            date_add date_upd name*
            link_rewrite* description* meta_title* meta_description* meta_keywords* categories:category(id)
            products:product(id)
            """),
        ResourceSchema.Parse("manufacturers", "manufacturer", """
            id active# link_rewrite! name date_add date_upd description* short_description* meta_title*
            meta_description* meta_keywords*
            addresses:address(id)
            """),
        ResourceSchema.Parse("carriers", "carrier", """
            id deleted# is_module# id_tax_rules_group id_reference name active# is_free# url shipping_handling#
            shipping_external#
            range_behavior# shipping_method# max_width# max_height# max_depth# max_weight# grade# external_module_name
            need_range#
            position# delay*
            """),
        ResourceSchema.Parse("countries", "country", """
            id id_zone id_currency call_prefix# iso_code active# contains_states# need_identification_number#
            need_zip_code#
            zip_code_format display_tax_label# name*
            """),
        ResourceSchema.Parse("languages", "language",
            "id name iso_code locale language_code active# is_rtl# date_format_lite date_format_full"),
        ResourceSchema.Parse("currencies", "currency",
            "id name iso_code numeric_iso_code precision# conversion_rate# deleted# active# unofficial# modified#"),
        ResourceSchema.Parse(
            "tax_rules", "tax_rule",
            "id id_tax_rules_group id_state id_country zipcode_from# zipcode_to# id_tax behavior# description"),
        ResourceSchema.Parse(
            "groups", "group", "id reduction# price_display_method# show_prices# date_add date_upd name*"),
        ResourceSchema.Parse("combinations", "combination", """
            id id_product location ean13 isbn upc mpn quantity# reference supplier_reference wholesale_price# price#
            ecotax# weight# unit_price_impact# minimal_quantity# low_stock_threshold# low_stock_alert# default_on#
            available_date@ product_option_values:product_option_value(id) images:image(id)
            """),
        ResourceSchema.Parse(
            "configurations", "configuration", "id value name id_shop_group id_shop date_add date_upd"),
        ResourceSchema.Parse("states", "state", "id id_zone id_country iso_code name active#"),
        ResourceSchema.Parse("taxes", "tax", "id rate# active# deleted# name*"),
    }.ToFrozenDictionary(schema => schema.Name);

    /// <summary>The schema, or for a resource that we have no rows of, one with an id and nothing else.</summary>
    public static ResourceSchema For(string resource) =>
        Known.GetValueOrDefault(resource) ?? ResourceSchema.Parse(resource, Singular(resource), "id");

    private static string Singular(string resource) =>
        resource.EndsWith("ies", StringComparison.Ordinal) ? resource[..^3] + "y" : resource.TrimEnd('s');
}
