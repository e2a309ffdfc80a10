CREATE TABLE IF NOT EXISTS tenants (
    slug VARCHAR(32) CHARACTER SET ascii NOT NULL PRIMARY KEY,
    name VARCHAR(128) NOT NULL,
    created_at DATETIME(6) NOT NULL
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;

-- tenant_id is NULL for the SUPERADMIN only.
CREATE TABLE IF NOT EXISTS users (
    id INT NOT NULL AUTO_INCREMENT PRIMARY KEY,
    tenant_id VARCHAR(32) CHARACTER SET ascii NULL,
    username VARCHAR(64) NOT NULL,
    password_hash VARCHAR(256) CHARACTER SET ascii NOT NULL,
    role VARCHAR(16) CHARACTER SET ascii NOT NULL,
    is_active TINYINT(1) NOT NULL DEFAULT 1,
    created_at DATETIME(6) NOT NULL,
    UNIQUE KEY uq_users_username (username),
    KEY ix_users_tenant (tenant_id, id),
    CONSTRAINT fk_users_tenant FOREIGN KEY (tenant_id) REFERENCES tenants (slug)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;

CREATE TABLE IF NOT EXISTS refresh_tokens (
    token_hash BINARY(32) NOT NULL PRIMARY KEY,
    family BINARY(16) NOT NULL,
    user_id INT NOT NULL,
    created_at DATETIME(6) NOT NULL,
    expires_at DATETIME(6) NOT NULL,
    used_at DATETIME(6) NULL,
    revoked_at DATETIME(6) NULL,
    KEY ix_refresh_tokens_family (family),
    KEY ix_refresh_tokens_user (user_id),
    KEY ix_refresh_tokens_expiry (expires_at),
    CONSTRAINT fk_refresh_tokens_user FOREIGN KEY (user_id) REFERENCES users (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;

CREATE TABLE IF NOT EXISTS login_failures (
    username VARCHAR(64) NOT NULL PRIMARY KEY,
    failures INT NOT NULL,
    first_failed_at DATETIME(6) NOT NULL,
    KEY ix_login_failures_age (first_failed_at)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;
