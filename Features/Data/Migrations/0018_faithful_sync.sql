-- One column a statement: run again after an interruption, the script skips those that exist.
-- auth_mode: basic, or query_key (the parameter ws_key). time_zone: a setting; origin_time_zone: what the shop names.
ALTER TABLE shops ADD COLUMN auth_mode VARCHAR(16) CHARACTER SET ascii NOT NULL DEFAULT 'basic';
ALTER TABLE shops ADD COLUMN time_zone VARCHAR(64) CHARACTER SET ascii NULL;
ALTER TABLE shops ADD COLUMN origin_time_zone VARCHAR(64) NULL;

-- warnings is a JSON array as errors is.
ALTER TABLE sync_runs ADD COLUMN deleted_rows INT NOT NULL DEFAULT 0;
ALTER TABLE sync_runs ADD COLUMN warned_rows INT NOT NULL DEFAULT 0;
ALTER TABLE sync_runs ADD COLUMN warnings MEDIUMTEXT NULL;

-- Rows that a run has rejected: the next runs ask for them again.
CREATE TABLE IF NOT EXISTS sync_rejections (
    tenant_id VARCHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    shop_id INT NOT NULL,
    entity VARCHAR(32) CHARACTER SET ascii NOT NULL,
    origin_id BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, shop_id, entity, origin_id),
    CONSTRAINT fk_sync_rejections_shop FOREIGN KEY (tenant_id, shop_id) REFERENCES shops (tenant_id, id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;

-- gone_in_shop: the shop no longer has the row. It is deleted here too, unless something keeps it.
ALTER TABLE products ADD COLUMN gone_in_shop TINYINT(1) NOT NULL DEFAULT 0;
ALTER TABLE customers ADD COLUMN gone_in_shop TINYINT(1) NOT NULL DEFAULT 0;
ALTER TABLE addresses ADD COLUMN gone_in_shop TINYINT(1) NOT NULL DEFAULT 0;
ALTER TABLE orders ADD COLUMN gone_in_shop TINYINT(1) NOT NULL DEFAULT 0;

-- GTINs have up to 14 digits. product_type: standard, pack, virtual or combinations.
ALTER TABLE products MODIFY ean13 VARCHAR(14) NULL;
ALTER TABLE products ADD COLUMN product_type VARCHAR(16) CHARACTER SET ascii NULL;

-- Variants of products. The impacts are added to the price (net) and the weight of the product.
CREATE TABLE IF NOT EXISTS product_combinations (
    id BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
    tenant_id VARCHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    shop_id INT NULL,
    origin_id BIGINT NULL,
    origin_hash BINARY(16) NULL,
    row_version BIGINT NOT NULL DEFAULT 1,
    product_id BIGINT NOT NULL,
    reference VARCHAR(64) NULL,
    ean13 VARCHAR(14) NULL,
    price_impact DECIMAL(20,6) NOT NULL DEFAULT 0.000000,
    weight_impact DECIMAL(20,6) NOT NULL DEFAULT 0.000000,
    quantity INT NOT NULL DEFAULT 0,
    is_default TINYINT(1) NOT NULL DEFAULT 0,
    gone_in_shop TINYINT(1) NOT NULL DEFAULT 0,
    deleted_at DATETIME(6) NULL,
    UNIQUE KEY uq_product_combinations_tenant_id (tenant_id, id),
    UNIQUE KEY uq_product_combinations_origin (tenant_id, shop_id, origin_id),
    KEY ix_product_combinations_product (tenant_id, product_id, id),
    CONSTRAINT fk_product_combinations_product FOREIGN KEY (tenant_id, product_id) REFERENCES products (tenant_id, id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;

-- The name of the customer's default group in the shop.
ALTER TABLE customers ADD COLUMN customer_group VARCHAR(64) NULL;
