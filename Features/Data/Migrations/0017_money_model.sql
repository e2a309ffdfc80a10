-- invalidates: tenant:{tenant}
-- Amounts of a shop's order are the shop's own and in the order's currency (ISO 4217); conversion_rate is what one unit
-- of the shop's default currency was worth. round_type: 1 each piece, 2 each line, 3 the total. round_mode: 0 up,
-- 1 down, 2 half up, 3 half down, 4 half to even, 5 half to odd. valid: the state counts as a sale. local_date: the day
-- of date_add in the zone of the shop; NULL until the process has computed it. needs_sync: imported before this script,
-- so the amounts may be wrong until the next run. warnings: one a line, 'code: text'.
ALTER TABLE orders
    ADD COLUMN origin_shop_id INT NULL,
    ADD COLUMN module VARCHAR(64) NULL,
    ADD COLUMN currency CHAR(3) CHARACTER SET ascii NOT NULL DEFAULT 'EUR',
    ADD COLUMN conversion_rate DECIMAL(20,6) NOT NULL DEFAULT 1.000000,
    ADD COLUMN total_wrapping DECIMAL(20,2) NOT NULL DEFAULT 0.00,
    ADD COLUMN total_wrapping_tax_excl DECIMAL(20,2) NOT NULL DEFAULT 0.00,
    ADD COLUMN total_paid_real DECIMAL(20,2) NOT NULL DEFAULT 0.00,
    ADD COLUMN round_type INT NOT NULL DEFAULT 2,
    ADD COLUMN round_mode INT NOT NULL DEFAULT 2,
    ADD COLUMN valid TINYINT(1) NOT NULL DEFAULT 0,
    ADD COLUMN invoice_number BIGINT NULL,
    ADD COLUMN invoice_date DATETIME(6) NULL,
    ADD COLUMN delivery_number BIGINT NULL,
    ADD COLUMN delivery_date DATETIME(6) NULL,
    ADD COLUMN local_date DATE NULL,
    ADD COLUMN needs_sync TINYINT(1) NOT NULL DEFAULT 0,
    ADD COLUMN warnings TEXT NULL,
    ADD KEY ix_orders_local_date (tenant_id, local_date);

-- Lines of an order that rounds the total only have unrounded totals. ecotax: net, for one piece, in the unit price.
ALTER TABLE order_lines
    MODIFY unit_price_tax_excl DECIMAL(20,6) NOT NULL,
    MODIFY unit_price_tax_incl DECIMAL(20,6) NOT NULL,
    MODIFY total_price_tax_excl DECIMAL(20,6) NOT NULL,
    MODIFY total_price_tax_incl DECIMAL(20,6) NOT NULL,
    ADD COLUMN product_attribute_id BIGINT NULL,
    ADD COLUMN product_ean13 VARCHAR(32) NULL,
    ADD COLUMN reduction_amount_tax_excl DECIMAL(20,6) NOT NULL DEFAULT 0.000000,
    ADD COLUMN reduction_amount_tax_incl DECIMAL(20,6) NOT NULL DEFAULT 0.000000,
    ADD COLUMN ecotax DECIMAL(20,6) NOT NULL DEFAULT 0.000000,
    ADD COLUMN ecotax_tax_rate DECIMAL(6,3) NOT NULL DEFAULT 0.000,
    ADD COLUMN product_quantity_refunded INT NOT NULL DEFAULT 0,
    ADD COLUMN product_quantity_return INT NOT NULL DEFAULT 0;

-- What follows belongs to an order: its row_version covers it. Amounts are gross unless the name says tax_excl.
CREATE TABLE IF NOT EXISTS order_discounts (
    id BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
    tenant_id VARCHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    order_id BIGINT NOT NULL,
    origin_id BIGINT NULL,
    cart_rule_id BIGINT NULL,
    name VARCHAR(255) NOT NULL,
    code VARCHAR(254) NULL,
    value DECIMAL(20,6) NOT NULL,
    value_tax_excl DECIMAL(20,6) NOT NULL,
    free_shipping TINYINT(1) NOT NULL DEFAULT 0,
    KEY ix_order_discounts_order (tenant_id, order_id, id),
    CONSTRAINT fk_order_discounts_order FOREIGN KEY (tenant_id, order_id) REFERENCES orders (tenant_id, id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;

-- A shop files payments under the order's reference: one of a cart that became several orders is a row of each of them.
CREATE TABLE IF NOT EXISTS order_payments (
    id BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
    tenant_id VARCHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    order_id BIGINT NOT NULL,
    origin_id BIGINT NULL,
    payment_method VARCHAR(255) NOT NULL,
    transaction_id VARCHAR(254) NULL,
    amount DECIMAL(20,6) NOT NULL,
    currency CHAR(3) CHARACTER SET ascii NOT NULL,
    conversion_rate DECIMAL(20,6) NOT NULL DEFAULT 1.000000,
    date_add DATETIME(6) NOT NULL,
    KEY ix_order_payments_order (tenant_id, order_id, id),
    CONSTRAINT fk_order_payments_order FOREIGN KEY (tenant_id, order_id) REFERENCES orders (tenant_id, id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;

-- In the currency of the order. total_*: products and shipping together.
CREATE TABLE IF NOT EXISTS order_refunds (
    id BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
    tenant_id VARCHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    order_id BIGINT NOT NULL,
    origin_id BIGINT NULL,
    conversion_rate DECIMAL(20,6) NOT NULL DEFAULT 1.000000,
    total_products_tax_excl DECIMAL(20,2) NOT NULL,
    total_products_tax_incl DECIMAL(20,2) NOT NULL,
    total_shipping_tax_excl DECIMAL(20,2) NOT NULL,
    total_shipping_tax_incl DECIMAL(20,2) NOT NULL,
    total_tax_excl DECIMAL(20,2) NOT NULL,
    total_tax_incl DECIMAL(20,2) NOT NULL,
    is_partial TINYINT(1) NOT NULL DEFAULT 0,
    date_add DATETIME(6) NOT NULL,
    local_date DATE NOT NULL,
    KEY ix_order_refunds_order (tenant_id, order_id, id),
    KEY ix_order_refunds_local_date (tenant_id, local_date),
    CONSTRAINT fk_order_refunds_order FOREIGN KEY (tenant_id, order_id) REFERENCES orders (tenant_id, id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;

-- order_line_id is NULL where the shop names a line that the order does not have. Amounts are for the whole quantity.
CREATE TABLE IF NOT EXISTS order_refund_lines (
    id BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
    tenant_id VARCHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    order_id BIGINT NOT NULL,
    refund_origin_id BIGINT NOT NULL,
    line_origin_id BIGINT NULL,
    product_quantity INT NOT NULL,
    amount_tax_excl DECIMAL(20,6) NOT NULL,
    amount_tax_incl DECIMAL(20,6) NOT NULL,
    KEY ix_order_refund_lines_order (tenant_id, order_id, id),
    CONSTRAINT fk_order_refund_lines_order FOREIGN KEY (tenant_id, order_id) REFERENCES orders (tenant_id, id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;

-- logable: orders in this state are sales. delivery: the goods are being prepared or have left.
ALTER TABLE order_states
    ADD COLUMN logable TINYINT(1) NOT NULL DEFAULT 0,
    ADD COLUMN delivery TINYINT(1) NOT NULL DEFAULT 0;

-- The zone in which the days of orders that were made here are computed.
CREATE TABLE IF NOT EXISTS order_day_zone (
    id INT NOT NULL PRIMARY KEY,
    name VARCHAR(64) NOT NULL
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;

ALTER TABLE products
    MODIFY price DECIMAL(20,6) NOT NULL,
    MODIFY wholesale_price DECIMAL(20,6) NOT NULL DEFAULT 0.000000;

-- The tenants' own states were numbered: 3 prepares, 4 ships, 5 is delivered.
UPDATE order_states SET logable = paid, delivery = IF(COALESCE(number, 0) IN (3, 4, 5), 1, 0) WHERE shop_id IS NULL;
UPDATE order_states SET logable = paid, origin_hash = NULL WHERE shop_id IS NOT NULL;
UPDATE orders o JOIN order_states s ON s.tenant_id = o.tenant_id AND s.id = o.state_id SET o.valid = s.logable;

-- The next run of every shop reads everything and compares it anew.
UPDATE orders SET needs_sync = 1, origin_hash = NULL WHERE shop_id IS NOT NULL;
UPDATE products SET origin_hash = NULL WHERE shop_id IS NOT NULL;
UPDATE customers SET origin_hash = NULL WHERE shop_id IS NOT NULL;
UPDATE addresses SET origin_hash = NULL WHERE shop_id IS NOT NULL;
UPDATE shops SET watermark_customers = NULL, watermark_addresses = NULL, watermark_products = NULL,
    watermark_orders = NULL;
