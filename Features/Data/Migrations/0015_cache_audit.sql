-- What was changed in the caches by hand, and by whom. tenant_id is NULL where it was about all tenants; outcome is NULL
-- from the begin of a change to its end.
CREATE TABLE IF NOT EXISTS cache_audit (
    id BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
    user_id INT NULL,
    username VARCHAR(64) NOT NULL,
    role VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    tenant_id VARCHAR(32) CHARACTER SET ascii COLLATE ascii_bin NULL,
    action VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    subject VARCHAR(512) NOT NULL,
    begun_at DATETIME(6) NOT NULL,
    ended_at DATETIME(6) NULL,
    outcome VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin NULL,
    entries BIGINT NULL,
    KEY ix_cache_audit_tenant (tenant_id, begun_at)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;
