-- Rows that come from a shop carry shop_id, origin_id (its id there) and origin_hash (what the shop last said; NULL: to be compared again).

-- number names states among their own kind, the tenant's (no shop) or a shop's: the system itself knows 1 = waiting, 2 = taken in charge.
CREATE TABLE IF NOT EXISTS order_states (
    id INT NOT NULL AUTO_INCREMENT PRIMARY KEY,
    tenant_id VARCHAR(32) CHARACTER SET ascii NOT NULL,
    shop_id INT NULL,
    origin_id BIGINT NULL,
    origin_hash BINARY(16) NULL,
    row_version BIGINT NOT NULL DEFAULT 1,
    number INT NULL,
    name VARCHAR(128) NOT NULL,
    color VARCHAR(32) NULL,
    paid TINYINT(1) NOT NULL DEFAULT 0,
    shipped TINYINT(1) NOT NULL DEFAULT 0,
    invoice TINYINT(1) NOT NULL DEFAULT 0,
    deleted_at DATETIME(6) NULL,
    UNIQUE KEY uq_order_states_tenant_id (tenant_id, id),
    UNIQUE KEY uq_order_states_origin (tenant_id, shop_id, origin_id),
    UNIQUE KEY uq_order_states_number (tenant_id, shop_id, number),
    CONSTRAINT fk_order_states_tenant FOREIGN KEY (tenant_id) REFERENCES tenants (slug)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;

CREATE TABLE IF NOT EXISTS categories (
    id INT NOT NULL AUTO_INCREMENT PRIMARY KEY,
    tenant_id VARCHAR(32) CHARACTER SET ascii NOT NULL,
    shop_id INT NULL,
    origin_id BIGINT NULL,
    origin_hash BINARY(16) NULL,
    row_version BIGINT NOT NULL DEFAULT 1,
    parent_id INT NULL,
    origin_parent_id BIGINT NULL,
    name VARCHAR(128) NOT NULL,
    active TINYINT(1) NOT NULL DEFAULT 1,
    deleted_at DATETIME(6) NULL,
    UNIQUE KEY uq_categories_tenant_id (tenant_id, id),
    UNIQUE KEY uq_categories_origin (tenant_id, shop_id, origin_id),
    CONSTRAINT fk_categories_tenant FOREIGN KEY (tenant_id) REFERENCES tenants (slug)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;

CREATE TABLE IF NOT EXISTS brands (
    id INT NOT NULL AUTO_INCREMENT PRIMARY KEY,
    tenant_id VARCHAR(32) CHARACTER SET ascii NOT NULL,
    shop_id INT NULL,
    origin_id BIGINT NULL,
    origin_hash BINARY(16) NULL,
    row_version BIGINT NOT NULL DEFAULT 1,
    name VARCHAR(128) NOT NULL,
    active TINYINT(1) NOT NULL DEFAULT 1,
    deleted_at DATETIME(6) NULL,
    UNIQUE KEY uq_brands_tenant_id (tenant_id, id),
    UNIQUE KEY uq_brands_origin (tenant_id, shop_id, origin_id),
    CONSTRAINT fk_brands_tenant FOREIGN KEY (tenant_id) REFERENCES tenants (slug)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;

-- Editing a carrier in a shop makes a new id there; origin_reference is what stays.
CREATE TABLE IF NOT EXISTS carriers (
    id INT NOT NULL AUTO_INCREMENT PRIMARY KEY,
    tenant_id VARCHAR(32) CHARACTER SET ascii NOT NULL,
    shop_id INT NULL,
    origin_id BIGINT NULL,
    origin_hash BINARY(16) NULL,
    row_version BIGINT NOT NULL DEFAULT 1,
    origin_reference BIGINT NULL,
    name VARCHAR(128) NOT NULL,
    url VARCHAR(255) NULL,
    is_free TINYINT(1) NOT NULL DEFAULT 0,
    active TINYINT(1) NOT NULL DEFAULT 1,
    deleted_at DATETIME(6) NULL,
    UNIQUE KEY uq_carriers_tenant_id (tenant_id, id),
    UNIQUE KEY uq_carriers_origin (tenant_id, shop_id, origin_id),
    CONSTRAINT fk_carriers_tenant FOREIGN KEY (tenant_id) REFERENCES tenants (slug)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;

CREATE TABLE IF NOT EXISTS countries (
    id INT NOT NULL AUTO_INCREMENT PRIMARY KEY,
    tenant_id VARCHAR(32) CHARACTER SET ascii NOT NULL,
    shop_id INT NULL,
    origin_id BIGINT NULL,
    origin_hash BINARY(16) NULL,
    row_version BIGINT NOT NULL DEFAULT 1,
    name VARCHAR(128) NOT NULL,
    iso_code VARCHAR(3) NOT NULL,
    active TINYINT(1) NOT NULL DEFAULT 1,
    deleted_at DATETIME(6) NULL,
    UNIQUE KEY uq_countries_tenant_id (tenant_id, id),
    UNIQUE KEY uq_countries_origin (tenant_id, shop_id, origin_id),
    CONSTRAINT fk_countries_tenant FOREIGN KEY (tenant_id) REFERENCES tenants (slug)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;

CREATE TABLE IF NOT EXISTS langs (
    id INT NOT NULL AUTO_INCREMENT PRIMARY KEY,
    tenant_id VARCHAR(32) CHARACTER SET ascii NOT NULL,
    shop_id INT NULL,
    origin_id BIGINT NULL,
    origin_hash BINARY(16) NULL,
    row_version BIGINT NOT NULL DEFAULT 1,
    name VARCHAR(64) NOT NULL,
    iso_code VARCHAR(8) NOT NULL,
    locale VARCHAR(8) NULL,
    active TINYINT(1) NOT NULL DEFAULT 1,
    deleted_at DATETIME(6) NULL,
    UNIQUE KEY uq_langs_tenant_id (tenant_id, id),
    UNIQUE KEY uq_langs_origin (tenant_id, shop_id, origin_id),
    CONSTRAINT fk_langs_tenant FOREIGN KEY (tenant_id) REFERENCES tenants (slug)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;
