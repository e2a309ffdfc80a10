-- A lease is free once expires_at is past; fence only ever grows, so a former holder's writes can be told from the present one's.
CREATE TABLE IF NOT EXISTS locks (
    name VARCHAR(190) NOT NULL PRIMARY KEY,
    owner VARCHAR(128) NOT NULL,
    fence BIGINT NOT NULL,
    expires_at DATETIME(6) NOT NULL
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;

CREATE TABLE IF NOT EXISTS idempotency_keys (
    tenant_id VARCHAR(32) CHARACTER SET ascii NOT NULL,
    idempotency_key VARBINARY(64) NOT NULL,
    body_hash BINARY(32) NOT NULL,
    location VARCHAR(190) NULL,
    answer MEDIUMTEXT NULL,
    expires_at DATETIME(6) NOT NULL,
    PRIMARY KEY (tenant_id, idempotency_key),
    KEY ix_idempotency_keys_expiry (expires_at)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;
