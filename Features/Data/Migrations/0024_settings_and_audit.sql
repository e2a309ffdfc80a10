-- One row a setting that a tenant has changed. value: the canonical text of a typed value; secret_value: encrypted. A
-- setting that was reset keeps its row, so that its version never comes back.
CREATE TABLE IF NOT EXISTS settings (
    id INT NOT NULL AUTO_INCREMENT PRIMARY KEY,
    tenant_id VARCHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    row_version BIGINT NOT NULL DEFAULT 1,
    name VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    value VARCHAR(1000) NULL,
    secret_value VARBINARY(2048) NULL,
    changed_at DATETIME(6) NOT NULL,
    deleted_at DATETIME(6) NULL,
    UNIQUE KEY uq_settings_name (tenant_id, name),
    CONSTRAINT fk_settings_tenant FOREIGN KEY (tenant_id) REFERENCES tenants (slug)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;

-- Who changed which setting, lookup or customer, never with a value. No foreign keys: it outlives what it tells about.
CREATE TABLE IF NOT EXISTS change_audit (
    id BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
    tenant_id VARCHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    changed_at DATETIME(6) NOT NULL,
    user_id INT NOT NULL,
    action VARCHAR(16) CHARACTER SET ascii NOT NULL,
    entity VARCHAR(32) CHARACTER SET ascii NOT NULL,
    entity_key VARCHAR(64) CHARACTER SET ascii NOT NULL,
    detail VARCHAR(256) NULL,
    KEY ix_change_audit_time (tenant_id, changed_at)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;

-- The status of the response that is repeated.
ALTER TABLE idempotency_keys ADD COLUMN status SMALLINT NOT NULL DEFAULT 201;
