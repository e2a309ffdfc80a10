-- Tenants are compared byte by byte: under the default collation ACME would be acme. A column of a foreign key cannot
-- change, so the keys are dropped and made again. Run again after an interruption, the script drops what is there.
ALTER TABLE addresses DROP FOREIGN KEY fk_addresses_country;
ALTER TABLE addresses DROP FOREIGN KEY fk_addresses_customer;
ALTER TABLE brands DROP FOREIGN KEY fk_brands_tenant;
ALTER TABLE carriers DROP FOREIGN KEY fk_carriers_tenant;
ALTER TABLE categories DROP FOREIGN KEY fk_categories_tenant;
ALTER TABLE countries DROP FOREIGN KEY fk_countries_tenant;
ALTER TABLE customers DROP FOREIGN KEY fk_customers_lang;
ALTER TABLE customers DROP FOREIGN KEY fk_customers_tenant;
ALTER TABLE langs DROP FOREIGN KEY fk_langs_tenant;
ALTER TABLE orders DROP FOREIGN KEY fk_orders_address_delivery;
ALTER TABLE orders DROP FOREIGN KEY fk_orders_address_invoice;
ALTER TABLE orders DROP FOREIGN KEY fk_orders_carrier;
ALTER TABLE orders DROP FOREIGN KEY fk_orders_customer;
ALTER TABLE orders DROP FOREIGN KEY fk_orders_lang;
ALTER TABLE orders DROP FOREIGN KEY fk_orders_state;
ALTER TABLE order_history DROP FOREIGN KEY fk_order_history_order;
ALTER TABLE order_history DROP FOREIGN KEY fk_order_history_state;
ALTER TABLE order_lines DROP FOREIGN KEY fk_order_lines_order;
ALTER TABLE order_lines DROP FOREIGN KEY fk_order_lines_product;
ALTER TABLE order_states DROP FOREIGN KEY fk_order_states_tenant;
ALTER TABLE products DROP FOREIGN KEY fk_products_brand;
ALTER TABLE products DROP FOREIGN KEY fk_products_category;
ALTER TABLE products DROP FOREIGN KEY fk_products_tenant;
ALTER TABLE shops DROP FOREIGN KEY fk_shops_tenant;
ALTER TABLE sync_runs DROP FOREIGN KEY fk_sync_runs_shop;
ALTER TABLE users DROP FOREIGN KEY fk_users_tenant;

ALTER TABLE tenants MODIFY slug VARCHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL;
ALTER TABLE users MODIFY tenant_id VARCHAR(32) CHARACTER SET ascii COLLATE ascii_bin NULL;
ALTER TABLE idempotency_keys MODIFY tenant_id VARCHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL;
ALTER TABLE shops MODIFY tenant_id VARCHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL;
ALTER TABLE sync_runs MODIFY tenant_id VARCHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL;
ALTER TABLE order_states MODIFY tenant_id VARCHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL;
ALTER TABLE categories MODIFY tenant_id VARCHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL;
ALTER TABLE brands MODIFY tenant_id VARCHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL;
ALTER TABLE carriers MODIFY tenant_id VARCHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL;
ALTER TABLE countries MODIFY tenant_id VARCHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL;
ALTER TABLE langs MODIFY tenant_id VARCHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL;
ALTER TABLE customers MODIFY tenant_id VARCHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL;
ALTER TABLE addresses MODIFY tenant_id VARCHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL;
ALTER TABLE products MODIFY tenant_id VARCHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL;
ALTER TABLE orders MODIFY tenant_id VARCHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL;
ALTER TABLE order_lines MODIFY tenant_id VARCHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL;
ALTER TABLE order_history MODIFY tenant_id VARCHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL;

ALTER TABLE addresses
    ADD CONSTRAINT fk_addresses_country FOREIGN KEY (tenant_id, country_id) REFERENCES countries (tenant_id, id),
    ADD CONSTRAINT fk_addresses_customer FOREIGN KEY (tenant_id, customer_id) REFERENCES customers (tenant_id, id);
ALTER TABLE brands
    ADD CONSTRAINT fk_brands_tenant FOREIGN KEY (tenant_id) REFERENCES tenants (slug);
ALTER TABLE carriers
    ADD CONSTRAINT fk_carriers_tenant FOREIGN KEY (tenant_id) REFERENCES tenants (slug);
ALTER TABLE categories
    ADD CONSTRAINT fk_categories_tenant FOREIGN KEY (tenant_id) REFERENCES tenants (slug);
ALTER TABLE countries
    ADD CONSTRAINT fk_countries_tenant FOREIGN KEY (tenant_id) REFERENCES tenants (slug);
ALTER TABLE customers
    ADD CONSTRAINT fk_customers_lang FOREIGN KEY (tenant_id, lang_id) REFERENCES langs (tenant_id, id),
    ADD CONSTRAINT fk_customers_tenant FOREIGN KEY (tenant_id) REFERENCES tenants (slug);
ALTER TABLE langs
    ADD CONSTRAINT fk_langs_tenant FOREIGN KEY (tenant_id) REFERENCES tenants (slug);
ALTER TABLE orders
    ADD CONSTRAINT fk_orders_address_delivery FOREIGN KEY (tenant_id, address_delivery_id)
        REFERENCES addresses (tenant_id, id),
    ADD CONSTRAINT fk_orders_address_invoice FOREIGN KEY (tenant_id, address_invoice_id)
        REFERENCES addresses (tenant_id, id),
    ADD CONSTRAINT fk_orders_carrier FOREIGN KEY (tenant_id, carrier_id) REFERENCES carriers (tenant_id, id),
    ADD CONSTRAINT fk_orders_customer FOREIGN KEY (tenant_id, customer_id) REFERENCES customers (tenant_id, id),
    ADD CONSTRAINT fk_orders_lang FOREIGN KEY (tenant_id, lang_id) REFERENCES langs (tenant_id, id),
    ADD CONSTRAINT fk_orders_state FOREIGN KEY (tenant_id, state_id) REFERENCES order_states (tenant_id, id);
ALTER TABLE order_history
    ADD CONSTRAINT fk_order_history_order FOREIGN KEY (tenant_id, order_id) REFERENCES orders (tenant_id, id),
    ADD CONSTRAINT fk_order_history_state FOREIGN KEY (tenant_id, state_id) REFERENCES order_states (tenant_id, id);
ALTER TABLE order_lines
    ADD CONSTRAINT fk_order_lines_order FOREIGN KEY (tenant_id, order_id) REFERENCES orders (tenant_id, id),
    ADD CONSTRAINT fk_order_lines_product FOREIGN KEY (tenant_id, product_id) REFERENCES products (tenant_id, id);
ALTER TABLE order_states
    ADD CONSTRAINT fk_order_states_tenant FOREIGN KEY (tenant_id) REFERENCES tenants (slug);
ALTER TABLE products
    ADD CONSTRAINT fk_products_brand FOREIGN KEY (tenant_id, brand_id) REFERENCES brands (tenant_id, id),
    ADD CONSTRAINT fk_products_category FOREIGN KEY (tenant_id, category_id) REFERENCES categories (tenant_id, id),
    ADD CONSTRAINT fk_products_tenant FOREIGN KEY (tenant_id) REFERENCES tenants (slug);
ALTER TABLE shops
    ADD CONSTRAINT fk_shops_tenant FOREIGN KEY (tenant_id) REFERENCES tenants (slug);
ALTER TABLE sync_runs
    ADD CONSTRAINT fk_sync_runs_shop FOREIGN KEY (tenant_id, shop_id) REFERENCES shops (tenant_id, id);
ALTER TABLE users
    ADD CONSTRAINT fk_users_tenant FOREIGN KEY (tenant_id) REFERENCES tenants (slug);
