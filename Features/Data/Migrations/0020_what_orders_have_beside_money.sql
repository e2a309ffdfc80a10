-- invalidates: shops:{tenant}, order:{tenant}:*, orders:any:{tenant}
-- gift: the customer asked for wrapping.
ALTER TABLE orders ADD COLUMN gift TINYINT(1) NOT NULL DEFAULT 0;
ALTER TABLE orders ADD COLUMN gift_message TEXT NULL;

-- Some currencies have three digits (KWD, TND).
ALTER TABLE orders
    MODIFY total_products DECIMAL(20,3) NOT NULL DEFAULT 0.000,
    MODIFY total_products_wt DECIMAL(20,3) NOT NULL DEFAULT 0.000,
    MODIFY total_discounts DECIMAL(20,3) NOT NULL DEFAULT 0.000,
    MODIFY total_discounts_tax_excl DECIMAL(20,3) NOT NULL DEFAULT 0.000,
    MODIFY total_shipping DECIMAL(20,3) NOT NULL DEFAULT 0.000,
    MODIFY total_shipping_tax_excl DECIMAL(20,3) NOT NULL DEFAULT 0.000,
    MODIFY total_wrapping DECIMAL(20,3) NOT NULL DEFAULT 0.000,
    MODIFY total_wrapping_tax_excl DECIMAL(20,3) NOT NULL DEFAULT 0.000,
    MODIFY total_paid DECIMAL(20,3) NOT NULL DEFAULT 0.000,
    MODIFY total_paid_tax_excl DECIMAL(20,3) NOT NULL DEFAULT 0.000,
    MODIFY total_paid_real DECIMAL(20,3) NOT NULL DEFAULT 0.000;
ALTER TABLE order_refunds
    MODIFY total_products_tax_excl DECIMAL(20,3) NOT NULL,
    MODIFY total_products_tax_incl DECIMAL(20,3) NOT NULL,
    MODIFY total_shipping_tax_excl DECIMAL(20,3) NOT NULL,
    MODIFY total_shipping_tax_incl DECIMAL(20,3) NOT NULL,
    MODIFY total_tax_excl DECIMAL(20,3) NOT NULL,
    MODIFY total_tax_incl DECIMAL(20,3) NOT NULL;

-- What follows belongs to an order: its row_version covers it.
CREATE TABLE IF NOT EXISTS order_shipments (
    id BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
    tenant_id VARCHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    order_id BIGINT NOT NULL,
    origin_id BIGINT NULL,
    carrier_id INT NULL,
    tracking_number VARCHAR(255) NULL,
    weight DECIMAL(20,6) NOT NULL DEFAULT 0.000000,
    shipping_cost_tax_excl DECIMAL(20,6) NOT NULL DEFAULT 0.000000,
    shipping_cost_tax_incl DECIMAL(20,6) NOT NULL DEFAULT 0.000000,
    date_add DATETIME(6) NOT NULL,
    KEY ix_order_shipments_order (tenant_id, order_id, id),
    CONSTRAINT fk_order_shipments_order FOREIGN KEY (tenant_id, order_id) REFERENCES orders (tenant_id, id),
    CONSTRAINT fk_order_shipments_carrier FOREIGN KEY (tenant_id, carrier_id) REFERENCES carriers (tenant_id, id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;

CREATE TABLE IF NOT EXISTS order_messages (
    id BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
    tenant_id VARCHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    order_id BIGINT NOT NULL,
    origin_id BIGINT NULL,
    is_from_employee TINYINT(1) NOT NULL DEFAULT 0,
    is_private TINYINT(1) NOT NULL DEFAULT 0,
    message TEXT NOT NULL,
    date_add DATETIME(6) NOT NULL,
    KEY ix_order_messages_order (tenant_id, order_id, id),
    CONSTRAINT fk_order_messages_order FOREIGN KEY (tenant_id, order_id) REFERENCES orders (tenant_id, id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;

-- preparation_state: the state, by its id in the shop, to which its orders are processed (PS_OS_PREPARATION).
-- synced_time_zone: the zone in which the last complete run read times; with another one everything is read again.
ALTER TABLE shops ADD COLUMN preparation_state BIGINT NULL;
ALTER TABLE shops ADD COLUMN synced_time_zone VARCHAR(64) NULL;

-- The next run of every shop reads all orders.
UPDATE shops SET watermark_orders = NULL;
