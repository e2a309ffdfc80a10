-- token_version: an access token that carries a lower one is refused. tokens_revoked_at: when it was raised last.
ALTER TABLE users ADD COLUMN token_version INT NOT NULL DEFAULT 0;
ALTER TABLE users ADD COLUMN tokens_revoked_at DATETIME(6) NULL;
ALTER TABLE users ADD KEY ix_users_tokens_revoked (tokens_revoked_at);

-- Who changed which account, never with a password or a hash. No foreign keys: it outlives what it tells about.
CREATE TABLE IF NOT EXISTS account_audit (
    id BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
    changed_at DATETIME(6) NOT NULL,
    by_user_id INT NULL,
    by_os_user VARCHAR(64) NULL,
    action VARCHAR(32) CHARACTER SET ascii NOT NULL,
    tenant_id VARCHAR(32) CHARACTER SET ascii COLLATE ascii_bin NULL,
    user_id INT NULL,
    detail VARCHAR(256) NULL,
    KEY ix_account_audit_user (tenant_id, user_id, id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;
