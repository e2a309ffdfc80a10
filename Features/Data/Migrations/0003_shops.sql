-- Watermarks are the shop's own date_upd texts: its local time, no zone, compared by the shop only.
CREATE TABLE IF NOT EXISTS shops (
    id INT NOT NULL AUTO_INCREMENT PRIMARY KEY,
    tenant_id VARCHAR(32) CHARACTER SET ascii NOT NULL,
    row_version BIGINT NOT NULL DEFAULT 1,
    name VARCHAR(128) NOT NULL,
    base_url VARCHAR(512) NOT NULL,
    api_key VARBINARY(512) NOT NULL,
    is_active TINYINT(1) NOT NULL DEFAULT 1,
    last_sync_at DATETIME(6) NULL,
    watermark_customers VARCHAR(32) NULL,
    watermark_addresses VARCHAR(32) NULL,
    watermark_products VARCHAR(32) NULL,
    watermark_orders VARCHAR(32) NULL,
    UNIQUE KEY uq_shops_tenant_id (tenant_id, id),
    CONSTRAINT fk_shops_tenant FOREIGN KEY (tenant_id) REFERENCES tenants (slug)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;

-- errors is a JSON array of {entity, origin_id, message}.
CREATE TABLE IF NOT EXISTS sync_runs (
    id BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
    tenant_id VARCHAR(32) CHARACTER SET ascii NOT NULL,
    shop_id INT NOT NULL,
    mode VARCHAR(16) CHARACTER SET ascii NOT NULL,
    status VARCHAR(16) CHARACTER SET ascii NOT NULL,
    phase VARCHAR(32) CHARACTER SET ascii NULL,
    done INT NOT NULL DEFAULT 0,
    total INT NOT NULL DEFAULT 0,
    created_rows INT NOT NULL DEFAULT 0,
    updated_rows INT NOT NULL DEFAULT 0,
    unchanged_rows INT NOT NULL DEFAULT 0,
    failed_rows INT NOT NULL DEFAULT 0,
    errors MEDIUMTEXT NULL,
    started_by INT NULL,
    started_at DATETIME(6) NOT NULL,
    finished_at DATETIME(6) NULL,
    KEY ix_sync_runs_shop (tenant_id, shop_id, id),
    CONSTRAINT fk_sync_runs_shop FOREIGN KEY (tenant_id, shop_id) REFERENCES shops (tenant_id, id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;
