-- The last number of each sender's files: names of files are used once for ever, whichever tenant sends them.
CREATE TABLE IF NOT EXISTS invoice_transmitters (
    transmitter VARCHAR(32) CHARACTER SET ascii COLLATE ascii_general_ci NOT NULL,
    last_number BIGINT NOT NULL,
    PRIMARY KEY (transmitter)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;

-- Invoices and credit notes. They are never deleted, and the personal data in them are kept: the law demands both.
-- year and number: one series of the tenant for both; reference shows them. invoiced_order_id: the order of an
-- invoice, null for credit notes, so that an order has one invoice. invoice_id: what a credit note takes back.
-- request: what the document was made from, as it was then; credit notes are made from it.
CREATE TABLE IF NOT EXISTS invoices (
    id BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
    tenant_id VARCHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    row_version BIGINT NOT NULL DEFAULT 1,
    order_id BIGINT NOT NULL,
    invoiced_order_id BIGINT NULL,
    customer_id BIGINT NOT NULL,
    invoice_id BIGINT NULL,
    document_type CHAR(4) CHARACTER SET ascii NOT NULL,
    year INT NOT NULL,
    number INT NOT NULL,
    reference VARCHAR(32) NOT NULL,
    local_date DATE NOT NULL,
    state VARCHAR(16) CHARACTER SET ascii NOT NULL,
    sdi_id VARCHAR(36) CHARACTER SET ascii NULL,
    buyer_name VARCHAR(255) NOT NULL,
    buyer_vat_number VARCHAR(32) NULL,
    buyer_tax_code VARCHAR(28) NULL,
    currency CHAR(3) CHARACTER SET ascii NOT NULL DEFAULT 'EUR',
    total_taxable DECIMAL(20,2) NOT NULL,
    total_tax DECIMAL(20,2) NOT NULL,
    total DECIMAL(20,2) NOT NULL,
    stamp_duty DECIMAL(20,2) NOT NULL DEFAULT 0.00,
    credited_shipping DECIMAL(20,2) NOT NULL DEFAULT 0.00,
    credited_wrapping DECIMAL(20,2) NOT NULL DEFAULT 0.00,
    request MEDIUMTEXT NOT NULL,
    created_by INT NULL,
    date_add DATETIME(6) NOT NULL,
    date_upd DATETIME(6) NOT NULL,
    UNIQUE KEY uq_invoices_tenant_id (tenant_id, id),
    UNIQUE KEY uq_invoices_number (tenant_id, year, number),
    UNIQUE KEY uq_invoices_order (tenant_id, invoiced_order_id),
    KEY ix_invoices_order (tenant_id, order_id),
    KEY ix_invoices_customer (tenant_id, customer_id),
    KEY ix_invoices_invoice (tenant_id, invoice_id),
    KEY ix_invoices_local_date (tenant_id, local_date),
    KEY ix_invoices_date_add (tenant_id, date_add),
    KEY ix_invoices_state (tenant_id, state),
    CONSTRAINT fk_invoices_order FOREIGN KEY (tenant_id, order_id) REFERENCES orders (tenant_id, id),
    CONSTRAINT fk_invoices_customer FOREIGN KEY (tenant_id, customer_id) REFERENCES customers (tenant_id, id),
    CONSTRAINT fk_invoices_invoice FOREIGN KEY (tenant_id, invoice_id) REFERENCES invoices (tenant_id, id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;

-- Pieces of lines of the order that a document bills or takes back. The lines of an order made here are replaced with
-- every change of it, so order_line_id is no foreign key.
CREATE TABLE IF NOT EXISTS invoice_items (
    id BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
    tenant_id VARCHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    invoice_id BIGINT NOT NULL,
    order_line_id BIGINT NOT NULL,
    quantity INT NOT NULL,
    KEY ix_invoice_items_invoice (tenant_id, invoice_id, id),
    CONSTRAINT fk_invoice_items_invoice FOREIGN KEY (tenant_id, invoice_id) REFERENCES invoices (tenant_id, id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;

-- Files of an invoice, byte for byte as they are sent. Names are compared without case.
CREATE TABLE IF NOT EXISTS invoice_files (
    id BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
    tenant_id VARCHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    invoice_id BIGINT NOT NULL,
    name VARCHAR(64) CHARACTER SET ascii COLLATE ascii_general_ci NOT NULL,
    content MEDIUMBLOB NOT NULL,
    sha256 BINARY(32) NOT NULL,
    outcome VARCHAR(24) CHARACTER SET ascii NOT NULL,
    sdi_id VARCHAR(36) CHARACTER SET ascii NULL,
    codes VARCHAR(1000) NULL,
    is_contradicted TINYINT(1) NOT NULL DEFAULT 0,
    created_at DATETIME(6) NOT NULL,
    sent_at DATETIME(6) NULL,
    answered_at DATETIME(6) NULL,
    UNIQUE KEY uq_invoice_files_name (name),
    KEY ix_invoice_files_invoice (tenant_id, invoice_id, id),
    KEY ix_invoice_files_outcome (tenant_id, outcome),
    CONSTRAINT fk_invoice_files_invoice FOREIGN KEY (tenant_id, invoice_id) REFERENCES invoices (tenant_id, id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;

-- What the SDI answered about a file. It may send a notification twice. kind: RC, NS, MC, or what it calls another one.
CREATE TABLE IF NOT EXISTS invoice_notifications (
    id BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
    tenant_id VARCHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    invoice_id BIGINT NOT NULL,
    kind VARCHAR(16) CHARACTER SET ascii NOT NULL,
    sdi_id VARCHAR(36) CHARACTER SET ascii NOT NULL,
    file_name VARCHAR(64) CHARACTER SET ascii COLLATE ascii_general_ci NOT NULL,
    notification_name VARCHAR(100) CHARACTER SET ascii NULL,
    errors TEXT NULL,
    content MEDIUMBLOB NULL,
    sdi_received_at DATETIME(6) NULL,
    received_at DATETIME(6) NOT NULL,
    UNIQUE KEY uq_invoice_notifications_key (tenant_id, sdi_id, kind, file_name),
    KEY ix_invoice_notifications_invoice (tenant_id, invoice_id, id),
    CONSTRAINT fk_invoice_notifications_invoice FOREIGN KEY (tenant_id, invoice_id)
        REFERENCES invoices (tenant_id, id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;
