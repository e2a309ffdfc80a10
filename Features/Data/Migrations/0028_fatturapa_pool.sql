-- What the pools of tenants list, once for each file, with its bytes. Links to files have a signature, so they are not
-- here: they are looked up again. direction: sale or purchase. sdi_id: empty where the provider does not know it yet.
-- outcome: pending, stored or unreadable; reason and detail: of the last failed attempt, or why it is unreadable.
-- next_attempt_at: null once nothing is to be done any more.
CREATE TABLE IF NOT EXISTS pool_events (
    id BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
    tenant_id VARCHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    partition_key VARCHAR(256) COLLATE utf8mb4_bin NOT NULL,
    row_key VARCHAR(256) COLLATE utf8mb4_bin NOT NULL,
    direction VARCHAR(16) CHARACTER SET ascii NOT NULL,
    kind VARCHAR(256) NOT NULL,
    sdi_id VARCHAR(256) COLLATE utf8mb4_bin NOT NULL,
    file_name VARCHAR(256) COLLATE utf8mb4_bin NOT NULL,
    listed_at DATETIME(6) NULL,
    outcome VARCHAR(16) CHARACTER SET ascii NOT NULL,
    reason VARCHAR(32) CHARACTER SET ascii NULL,
    detail VARCHAR(300) NULL,
    attempts INT NOT NULL DEFAULT 0,
    next_attempt_at DATETIME(6) NULL,
    content MEDIUMBLOB NULL,
    size INT NULL,
    sha256 BINARY(32) NULL,
    signature VARCHAR(16) CHARACTER SET ascii NULL,
    found_at DATETIME(6) NOT NULL,
    processed_at DATETIME(6) NULL,
    UNIQUE KEY uq_pool_events_tenant_id (tenant_id, id),
    UNIQUE KEY uq_pool_events_file (tenant_id, sdi_id, file_name),
    KEY ix_pool_events_due (tenant_id, next_attempt_at, id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;

-- What files of the pool state: one row for each document in a file. Amounts as they stand there.
CREATE TABLE IF NOT EXISTS pool_documents (
    id BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
    tenant_id VARCHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    event_id BIGINT NOT NULL,
    sdi_id VARCHAR(256) COLLATE utf8mb4_bin NOT NULL,
    position INT NOT NULL,
    document_type VARCHAR(8) NOT NULL,
    number VARCHAR(64) NOT NULL,
    local_date DATE NOT NULL,
    seller_name VARCHAR(255) NOT NULL,
    seller_vat_number VARCHAR(32) NULL,
    seller_tax_code VARCHAR(28) NULL,
    buyer_name VARCHAR(255) NOT NULL,
    buyer_vat_number VARCHAR(32) NULL,
    buyer_tax_code VARCHAR(28) NULL,
    currency VARCHAR(3) NOT NULL,
    total DECIMAL(20,2) NOT NULL,
    total_taxable DECIMAL(20,2) NOT NULL,
    total_tax DECIMAL(20,2) NOT NULL,
    UNIQUE KEY uq_pool_documents_position (tenant_id, event_id, position),
    KEY ix_pool_documents_sdi_id (tenant_id, sdi_id),
    CONSTRAINT fk_pool_documents_event FOREIGN KEY (tenant_id, event_id) REFERENCES pool_events (tenant_id, id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;

-- How far each pool is read. The mark belongs to the account whose key the setting had in this version: another key may
-- be that of another account. It moves in the transaction that stores the events up to it. claimed_version: of the key
-- that was polled with last; a new one is tried at once, whatever failed before.
CREATE TABLE IF NOT EXISTS pool_polls (
    tenant_id VARCHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL PRIMARY KEY,
    partition_key VARCHAR(256) COLLATE utf8mb4_bin NULL,
    row_key VARCHAR(256) COLLATE utf8mb4_bin NULL,
    key_version BIGINT NULL,
    claimed_version BIGINT NULL,
    next_poll_at DATETIME(6) NULL,
    failures INT NOT NULL DEFAULT 0,
    polled_at DATETIME(6) NULL,
    error VARCHAR(500) NULL
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;

-- An invoice that was made here is found by what the SDI calls it.
ALTER TABLE invoice_files ADD KEY ix_invoice_files_sdi_id (tenant_id, sdi_id);
